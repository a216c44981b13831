#[allow(nonstandard_style, unused, unreachable_pub, clippy::all, clippy::pedantic)]
const _: () = {
    use ::oauth2_runtime::__private::{self as __rt, Unknown as _};
    #[automatically_derived]
    impl __rt::OAuth2Client for App {
        type Scopes = <ScopeSet<Access> as __rt::ScopeColumn>::Scopes;
        fn fields(&self) -> __rt::ClientFields<'_, Self::Scopes> {
            __rt::ClientFields {
                client_id: __rt::ClientIdColumn::get(&self.client_id),
                client_secret: __rt::ClientSecretColumn::get(&self.client_secret),
                redirect_uris: __rt::RedirectUrisColumn::get(&self.redirect_uris),
                grant_types: __rt::None,
                response_types: __rt::None,
                token_endpoint_auth_method: __rt::None,
                client_name: __rt::None,
                access_token_ttl: __rt::None,
                introspect: false,
                scope: __rt::ScopeColumn::get(&self.scope),
            }
        }
        const HAS_REDIRECT_URIS: bool = true;
        const HAS_GRANT_TYPES: bool = false;
    }
    #[automatically_derived]
    impl<__DB: __rt::Dialect> __rt::SqlModel<__DB> for App
    where
        ClientId: __rt::Column<__DB>,
        Option<SecretHash>: __rt::Column<__DB>,
        RedirectUris: __rt::Column<__DB>,
        ScopeSet<Access>: __rt::Column<__DB>,
        String: __rt::Column<__DB>,
    {
        const TABLE: &'static str = "app";
        fn decode(row: &__DB::Row) -> __rt::SqlResult<Self> {
            __rt::Ok(Self {
                client_id: __DB::get(row, 0)?,
                client_secret: __DB::get(row, 1)?,
                redirect_uris: __DB::get(row, 2)?,
                scope: __DB::get(row, 3)?,
                team: __DB::get(row, 4)?,
            })
        }
        fn columns<__V: __rt::Visit<__DB, Self>>(__visit: &mut __V) -> __rt::SqlResult {
            __visit.column("client_id", "client_id", |row| &row.client_id)?;
            __visit.column("client_secret", "client_secret", |row| &row.client_secret)?;
            __visit.column("redirect_uris", "redirect_uris", |row| &row.redirect_uris)?;
            __visit.column("scope", "scope", |row| &row.scope)?;
            __visit.column("team", "", |row| &row.team)?;
            __rt::Ok(())
        }
    }
};
