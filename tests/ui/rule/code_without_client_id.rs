include!("../base.rs");

#[derive(OAuth2Code)]
struct OwnCode {
    code: Digest<AuthorizationCode>,
    grant_id: GrantId,
    subject: Subject,
    scope: ScopeSet<Access>,
    redirect_uri: Option<String>,
    code_challenge: Option<CodeChallenge>,
    expires_at: Timestamp,
    consumed_at: Option<Timestamp>,
}

fn main() {}
