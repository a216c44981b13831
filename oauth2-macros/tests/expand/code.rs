#[allow(nonstandard_style, unused, unreachable_pub, clippy::all, clippy::pedantic)]
const _: () = {
    use ::oauth2_runtime::__private::{self as __rt, Unknown as _};
    #[automatically_derived]
    impl __rt::OAuth2Code for AppCode {
        type Scopes = <ScopeSet<Access> as __rt::ScopeColumn>::Scopes;
        fn fields(&self) -> __rt::CodeFields<'_, Self::Scopes> {
            __rt::CodeFields {
                grant_id: __rt::GrantIdColumn::get(&self.grant_id),
                client_id: __rt::TokenClientIdColumn::get(&self.client_id),
                subject: __rt::CodeSubjectColumn::get(&self.subject),
                redirect_uri: __rt::CodeRedirectUriColumn::get(&self.redirect_uri)
                    .as_deref(),
                code_challenge: *__rt::CodeChallengeColumn::get(&self.code_challenge),
                expires_at: *__rt::ExpiresAtColumn::get(&self.expires_at),
                consumed_at: *__rt::ConsumedAtColumn::get(&self.consumed_at),
                scope: __rt::ScopeColumn::get(&self.scope),
            }
        }
        fn issued(__new: __rt::NewCode<Self::Scopes>) -> Self {
            Self {
                code: __rt::CodeColumn::put(__new.code),
                grant_id: __rt::GrantIdColumn::put(__new.grant_id),
                client_id: __rt::TokenClientIdColumn::put(__new.client_id),
                subject: __rt::CodeSubjectColumn::put(__new.subject),
                scope: __rt::ScopeColumn::put(__new.scope),
                redirect_uri: __rt::CodeRedirectUriColumn::put(__new.redirect_uri),
                code_challenge: __rt::CodeChallengeColumn::put(__new.code_challenge),
                expires_at: __rt::ExpiresAtColumn::put(__new.expires_at),
                consumed_at: __rt::ConsumedAtColumn::put(__rt::None),
            }
        }
    }
    #[automatically_derived]
    impl<__DB: __rt::Dialect> __rt::SqlModel<__DB> for AppCode
    where
        Digest<AuthorizationCode>: __rt::Column<__DB>,
        GrantId: __rt::Column<__DB>,
        ClientId: __rt::Column<__DB>,
        Subject: __rt::Column<__DB>,
        ScopeSet<Access>: __rt::Column<__DB>,
        Option<String>: __rt::Column<__DB>,
        Option<CodeChallenge>: __rt::Column<__DB>,
        Timestamp: __rt::Column<__DB>,
        Option<Timestamp>: __rt::Column<__DB>,
    {
        const TABLE: &'static str = "app_code";
        fn decode(row: &__DB::Row) -> __rt::SqlResult<Self> {
            __rt::Ok(Self {
                code: __DB::get(row, 0)?,
                grant_id: __DB::get(row, 1)?,
                client_id: __DB::get(row, 2)?,
                subject: __DB::get(row, 3)?,
                scope: __DB::get(row, 4)?,
                redirect_uri: __DB::get(row, 5)?,
                code_challenge: __DB::get(row, 6)?,
                expires_at: __DB::get(row, 7)?,
                consumed_at: __DB::get(row, 8)?,
            })
        }
        fn columns<__V: __rt::Visit<__DB, Self>>(__visit: &mut __V) -> __rt::SqlResult {
            __visit.column("code", "code", |row| &row.code)?;
            __visit.column("grant_id", "grant_id", |row| &row.grant_id)?;
            __visit.column("client_id", "client_id", |row| &row.client_id)?;
            __visit.column("subject", "subject", |row| &row.subject)?;
            __visit.column("scope", "scope", |row| &row.scope)?;
            __visit.column("redirect_uri", "redirect_uri", |row| &row.redirect_uri)?;
            __visit
                .column("code_challenge", "code_challenge", |row| &row.code_challenge)?;
            __visit.column("expires_at", "expires_at", |row| &row.expires_at)?;
            __visit.column("consumed_at", "consumed_at", |row| &row.consumed_at)?;
            __rt::Ok(())
        }
    }
};
