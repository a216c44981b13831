include!("../base.rs");

#[derive(OAuth2Code)]
struct OwnCode {
    code: Digest<AuthorizationCode>,
    grant_id: GrantId,
    client_id: ClientId,
    subject: Subject,
    scope: Option<ScopeSet<Access>>,
    redirect_uri: Option<String>,
    code_challenge: Option<CodeChallenge>,
    expires_at: Timestamp,
    consumed_at: Option<Timestamp>,
}

fn main() {}
