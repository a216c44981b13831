include!("../base.rs");

#[oauth2_server(
    issuer = "https://id.example",
    models(client = Partner, token = PartnerToken),
    scopes = Claims,
    grants(Robots),
    client_auth(client_secret_basic),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

#[derive(Scope)]
pub enum Claims {
    #[scope("openid")]
    OpenId,
    #[scope("email")]
    Email,
}

#[derive(OAuth2Client)]
struct Partner {
    client_id: ClientId,
    client_secret: Option<SecretHash>,
    scope: ScopeSet<Claims>,
}

#[derive(OAuth2Token)]
struct PartnerToken {
    access_token: Digest<AccessToken>,
    client_id: ClientId,
    subject: Option<Subject>,
    scope: ScopeSet<Claims>,
    issued_at: Timestamp,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
}

fn main() {}
