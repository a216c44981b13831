//! The macros as functions from tokens to tokens.

mod cut;
mod hygiene;
mod quickstart;
mod roles;
mod snapshots;

use proc_macro2::TokenStream;
use quote::quote;

use crate::driver;
use crate::ir::role::Kind;

/// One use of a macro.
struct Use {
    arguments: TokenStream,
    item: TokenStream,
    expand: fn(TokenStream, TokenStream) -> TokenStream,
}

impl Use {
    fn expansion(&self) -> TokenStream {
        (self.expand)(self.arguments.clone(), self.item.clone())
    }
}

fn scope() -> Use {
    Use {
        arguments: TokenStream::new(),
        item: quote! {
            enum Access {
                /// See your photos
                #[scope("photos:read")]
                ReadPhotos,
                /// Upload and
                /// delete photos
                #[scope("photos:write")]
                WritePhotos,
            }
        },
        expand: |_, item| driver::scope(item),
    }
}

fn client() -> Use {
    Use {
        arguments: TokenStream::new(),
        item: quote! {
            #[oauth2(table = "app")]
            struct App {
                client_id: ClientId,
                client_secret: Option<SecretHash>,
                redirect_uris: RedirectUris,
                scope: ScopeSet<Access>,
                team: String,
            }
        },
        expand: |_, item| driver::model(Kind::Client, item),
    }
}

fn token() -> Use {
    Use {
        arguments: TokenStream::new(),
        item: quote! {
            #[oauth2(table = "app_token")]
            struct AppToken {
                access_token: Digest<AccessToken>,
                refresh_token: Option<Digest<RefreshToken>>,
                grant_id: GrantId,
                client_id: ClientId,
                subject: Option<Subject>,
                scope: ScopeSet<Access>,
                issued_at: Timestamp,
                expires_at: Timestamp,
                revoked_at: Option<Timestamp>,
            }
        },
        expand: |_, item| driver::model(Kind::Token, item),
    }
}

fn code() -> Use {
    Use {
        arguments: TokenStream::new(),
        item: quote! {
            #[oauth2(table = "app_code")]
            struct AppCode {
                code: Digest<AuthorizationCode>,
                grant_id: GrantId,
                client_id: ClientId,
                subject: Subject,
                scope: ScopeSet<Access>,
                redirect_uri: Option<String>,
                code_challenge: Option<CodeChallenge>,
                expires_at: Timestamp,
                consumed_at: Option<Timestamp>,
            }
        },
        expand: |_, item| driver::model(Kind::Code, item),
    }
}

fn grant() -> Use {
    Use {
        arguments: quote!(client_credentials, access_token_ttl = 10m, scopes(Access::ReadPhotos)),
        item: quote!(
            struct Robots;
        ),
        expand: driver::grant,
    }
}

fn code_grant() -> Use {
    Use {
        arguments: quote!(
            authorization_code,
            code_ttl = 60s,
            access_token_ttl = 10m,
            refresh_token,
            pkce = false,
            scopes(Access::ReadPhotos, Access::WritePhotos),
            default_scopes(Access::ReadPhotos),
        ),
        item: quote!(
            struct WebSignIn;
        ),
        expand: driver::grant,
    }
}

fn extension() -> Use {
    Use {
        arguments: quote!(extension = "urn:example:grant-type:sms-code", refresh_token),
        item: quote! {
            struct SmsCode {
                phone: String,
                code: Secret<String>,
            }
        },
        expand: driver::grant,
    }
}

fn protect() -> Use {
    Use {
        arguments: quote!(Auth, Access::ReadPhotos),
        item: quote! {
            async fn photos(token: Bearer<Auth>) -> Json<Vec<Photo>> {
                load(token)
            }
        },
        expand: driver::protect,
    }
}

fn protect_with_everything() -> Use {
    Use {
        arguments: quote!(
            Auth,
            Access::ReadPhotos & Access::WritePhotos,
            when = from_the_office,
            realm = "photos"
        ),
        item: quote! {
            async fn photos(token: Bearer<Auth>, State(app): State<App>) -> Json<Vec<Photo>> {
                load(token, app)
            }
        },
        expand: driver::protect,
    }
}

fn item() -> TokenStream {
    quote! {
        struct Auth {
            #[oauth2(store)]
            db: SqlStore<Sqlite>,
            #[serde(skip)]
            other: u8,
        }
    }
}

/// Five grants, eight endpoints: the size the budget is set for.
fn server() -> Use {
    Use {
        arguments: quote! {
            issuer = "https://id.example",
            models(client = App, token = AppToken),
            scopes = Access,
            grants(WebSignIn, StaySignedIn, Robots, SmsCode, Exchange),
            endpoints(A, B, C, D, E, F, G, H),
            client_auth(none, client_secret_basic),
            sign_in = password(check_password),
            signals(token_issued = audit, token_revoked = audit),
        },
        item: item(),
        expand: driver::server,
    }
}

/// A document with additions.
fn server_with_metadata() -> Use {
    Use {
        arguments: quote! {
            issuer = "https://id.example",
            scopes = Access,
            grants(Robots),
            client_auth(client_secret_basic),
            metadata(
                service_documentation = "https://id.example/docs",
                op_policy_uri = "https://id.example/policy",
                op_tos_uri = "https://id.example/terms",
                ui_locales_supported("en", "de-AT"),
                extra(acme_region = self.region.clone(), acme_tiers = ["a", "b"]),
            ),
        },
        item: item(),
        expand: driver::server,
    }
}

/// What the other one does not use.
fn server_of_everything() -> Use {
    Use {
        arguments: quote! {
            issuer = env("ISSUER"),
            models(code = AppCode),
            scopes = Access,
            grants(Robots, partner::Exchange),
            client_auth(client_secret_post, partner::Certificate),
            sign_in = partner::directory(ask),
            subjects = still_employed,
            tokens(default = Labelled, partner::Exchange = partner::Signed),
            signals(token_issued = audit, token_issued = count),
            schema = external,
            purge = off,
            profile = "oauth2.1",
            allow(refresh_token_rotation, reason = "kiosks cannot store what is new"),
        },
        item: item(),
        expand: driver::server,
    }
}
