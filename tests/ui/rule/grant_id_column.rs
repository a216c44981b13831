include!("../base.rs");

#[oauth2_server(
    issuer = "https://id.example",
    models(client = App, token = OwnToken),
    scopes = Access,
    grants(SmsCode, StaySignedIn),
    endpoints(revocation),
    client_auth(client_secret_basic),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

#[grant(extension = "urn:example:sms", refresh_token)]
struct SmsCode;

impl ExtensionGrant<Auth> for SmsCode {
    async fn authorize(self, _: &GrantContext<'_, Auth>) -> Result<Authorized, OAuthError> {
        Ok(Authorized::subject("u-1"))
    }
}

#[grant(refresh_token)]
struct StaySignedIn;

#[derive(OAuth2Token)]
struct OwnToken {
    access_token: Digest<AccessToken>,
    refresh_token: Option<Digest<RefreshToken>>,
    client_id: ClientId,
    subject: Option<Subject>,
    scope: ScopeSet<Access>,
    issued_at: Timestamp,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
}

fn main() {}
