include!("../base.rs");

use oauth2_runtime::model::{Consent, Models, Session};
use oauth2_runtime::store::{
    Authorization, CodeRedemption, Expired, Issuance, Redemption, Rotation, Schema, Store, StoredClient,
};
use oauth2_runtime::types::SessionId;

struct Ledger;

macro_rules! later {
    ($($name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)*) => {
        $(async fn $name(&self, $(_: $type),*) -> Result<$answer, Error> {
            todo!()
        })*
    };
}

/// It rotates refresh tokens, and does not end their authorization when one comes back.
impl<M: Models> Store<M> for Ledger {
    fn schema_sql() -> String {
        todo!()
    }

    later! {
        prepare(schema: Schema) -> ();
        stored_clients(after: Option<&ClientId>, limit: u32) -> Vec<StoredClient<M::Client>>;
        client(client_id: &str) -> Option<M::Client>;
        clients(after: Option<&ClientId>, limit: u32) -> Vec<M::Client>;
        insert_client(client: &M::Client) -> bool;
        replace_client(client: &M::Client, secret: bool) -> bool;
        set_client_secret(client_id: &ClientId, current: Option<&SecretHash>, next: &SecretHash) -> bool;
        delete_client(client_id: &ClientId, at: Timestamp) -> Option<u64>;
        issue(issuance: Issuance<'_, M::Token>) -> bool;
        access_token(digest: &Digest<AccessToken>) -> Option<M::Token>;
        refresh_token(digest: &Digest<RefreshToken>) -> Option<M::Token>;
        rotate(rotation: Rotation<'_, M::Token>) -> Redemption;
        end_access_token(digest: &Digest<AccessToken>, client_id: &ClientId, at: Timestamp) -> bool;
        revoke_grant(grant_id: &GrantId, at: Timestamp) -> u64;
        authorize(authorization: Authorization<'_, M>) -> bool;
        code(digest: &Digest<AuthorizationCode>) -> Option<M::Code>;
        redeem_code(redemption: CodeRedemption<'_, M::Token>) -> Redemption;
        consent(subject: &Subject, client_id: &ClientId) -> Option<Consent<M::Scopes>>;
        withdraw_consent(subject: &Subject, client_id: &ClientId, at: Timestamp) -> u64;
        session(digest: &Digest<SessionId>) -> Option<Session>;
        start_session(session: &Session, previous: Option<&Digest<SessionId>>) -> ();
        end_sessions(subject: &Subject) -> u64;
        purge(expired: Expired) -> u64;
    }
}

fn main() {}
