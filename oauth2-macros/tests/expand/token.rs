#[allow(nonstandard_style, unused, unreachable_pub, clippy::all, clippy::pedantic)]
const _: () = {
    use ::oauth2_runtime::__private::{self as __rt, Unknown as _};
    #[automatically_derived]
    impl __rt::OAuth2Token for AppToken {
        type Scopes = <ScopeSet<Access> as __rt::ScopeColumn>::Scopes;
        fn fields(&self) -> __rt::TokenFields<'_, Self::Scopes> {
            __rt::TokenFields {
                client_id: __rt::TokenClientIdColumn::get(&self.client_id),
                subject: __rt::SubjectColumn::get(&self.subject).as_ref(),
                issued_at: *__rt::IssuedAtColumn::get(&self.issued_at),
                expires_at: *__rt::ExpiresAtColumn::get(&self.expires_at),
                revoked_at: *__rt::RevokedAtColumn::get(&self.revoked_at),
                grant_id: __rt::Some(__rt::GrantIdColumn::get(&self.grant_id)),
                scope: __rt::ScopeColumn::get(&self.scope),
            }
        }
        const HAS_REFRESH_TOKEN: bool = true;
        const HAS_GRANT_ID: bool = true;
        fn issued(__new: __rt::NewToken<Self::Scopes>) -> Self {
            Self {
                access_token: __rt::AccessTokenColumn::put(__new.access_token),
                refresh_token: __rt::RefreshTokenColumn::put(__new.refresh_token),
                grant_id: __rt::GrantIdColumn::put(__new.grant_id),
                client_id: __rt::TokenClientIdColumn::put(__new.client_id),
                subject: __rt::SubjectColumn::put(__new.subject),
                scope: __rt::ScopeColumn::put(__new.scope),
                issued_at: __rt::IssuedAtColumn::put(__new.issued_at),
                expires_at: __rt::ExpiresAtColumn::put(__new.expires_at),
                revoked_at: __rt::RevokedAtColumn::put(__rt::None),
            }
        }
    }
    #[automatically_derived]
    impl<__DB: __rt::Dialect> __rt::SqlModel<__DB> for AppToken
    where
        Digest<AccessToken>: __rt::Column<__DB>,
        Option<Digest<RefreshToken>>: __rt::Column<__DB>,
        GrantId: __rt::Column<__DB>,
        ClientId: __rt::Column<__DB>,
        Option<Subject>: __rt::Column<__DB>,
        ScopeSet<Access>: __rt::Column<__DB>,
        Timestamp: __rt::Column<__DB>,
        Option<Timestamp>: __rt::Column<__DB>,
    {
        const TABLE: &'static str = "app_token";
        fn decode(row: &__DB::Row) -> __rt::SqlResult<Self> {
            __rt::Ok(Self {
                access_token: __DB::get(row, 0)?,
                refresh_token: __DB::get(row, 1)?,
                grant_id: __DB::get(row, 2)?,
                client_id: __DB::get(row, 3)?,
                subject: __DB::get(row, 4)?,
                scope: __DB::get(row, 5)?,
                issued_at: __DB::get(row, 6)?,
                expires_at: __DB::get(row, 7)?,
                revoked_at: __DB::get(row, 8)?,
            })
        }
        fn columns<__V: __rt::Visit<__DB, Self>>(__visit: &mut __V) -> __rt::SqlResult {
            __visit.column("access_token", "access_token", |row| &row.access_token)?;
            __visit.column("refresh_token", "refresh_token", |row| &row.refresh_token)?;
            __visit.column("grant_id", "grant_id", |row| &row.grant_id)?;
            __visit.column("client_id", "client_id", |row| &row.client_id)?;
            __visit.column("subject", "subject", |row| &row.subject)?;
            __visit.column("scope", "scope", |row| &row.scope)?;
            __visit.column("issued_at", "issued_at", |row| &row.issued_at)?;
            __visit.column("expires_at", "expires_at", |row| &row.expires_at)?;
            __visit.column("revoked_at", "revoked_at", |row| &row.revoked_at)?;
            __rt::Ok(())
        }
    }
};
