use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Fields, Ident, Type};

use crate::attr::model::{FieldAttr, StructAttr};
use crate::diag::Diagnostics;
use crate::paths::Runtime;

/// Which model.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Client,
    Token,
    Code,
}

/// A role a field can play. Its name is the standard one, and the field's unless an attribute says otherwise.
#[derive(Clone, Copy)]
pub(crate) struct Role {
    pub(crate) name: &'static str,
    /// The trait of the runtime that a field of this role implements.
    pub(crate) column: &'static str,
    pub(crate) required: bool,
    /// Why it is required.
    pub(crate) note: &'static str,
    /// The field to write.
    pub(crate) field: &'static str,
}

const fn role(name: &'static str, column: &'static str, field: &'static str, note: &'static str) -> Role {
    Role { name, column, required: !note.is_empty(), note, field }
}

const CLIENT: &[Role] = &[
    role("client_id", "ClientIdColumn", "client_id: ClientId", "RFC 6749 section 2.2"),
    role("client_secret", "ClientSecretColumn", "client_secret: Option<SecretHash>", "RFC 6749 section 2.3"),
    role(
        "scope",
        "ScopeColumn",
        "scope: ScopeSet<..>",
        "RFC 7591 section 2: what a client may ask for is decided per client",
    ),
    role("redirect_uris", "RedirectUrisColumn", "", ""),
    role("grant_types", "GrantTypesColumn", "", ""),
    role("response_types", "ResponseTypesColumn", "", ""),
    role("token_endpoint_auth_method", "TokenEndpointAuthMethodColumn", "", ""),
    role("client_name", "ClientNameColumn", "", ""),
    role("access_token_ttl", "AccessTokenTtlColumn", "", ""),
    role("introspect", "IntrospectColumn", "", ""),
];

const TOKEN: &[Role] = &[
    role("access_token", "AccessTokenColumn", "access_token: Digest<AccessToken>", "RFC 6749 section 1.4"),
    role("client_id", "TokenClientIdColumn", "client_id: ClientId", "RFC 7662 section 2.2"),
    role(
        "subject",
        "SubjectColumn",
        "subject: Option<Subject>",
        "RFC 7662 section 2.2: `sub` cannot be answered without it",
    ),
    role("scope", "ScopeColumn", "scope: ScopeSet<..>", "RFC 6749 section 3.3"),
    role(
        "issued_at",
        "IssuedAtColumn",
        "issued_at: Timestamp",
        "RFC 7662 section 2.2: `iat` cannot be answered without it",
    ),
    role(
        "expires_at",
        "ExpiresAtColumn",
        "expires_at: Timestamp",
        "RFC 6749 section 5.1: `expires_in` cannot be answered without it",
    ),
    role(
        "revoked_at",
        "RevokedAtColumn",
        "revoked_at: Option<Timestamp>",
        "RFC 7009 section 2: a token that is revoked must say so",
    ),
    role("refresh_token", "RefreshTokenColumn", "", ""),
    role("grant_id", "GrantIdColumn", "", ""),
];

const CODE: &[Role] = &[
    role("code", "CodeColumn", "code: Digest<AuthorizationCode>", "RFC 6749 section 4.1.2"),
    role(
        "grant_id",
        "GrantIdColumn",
        "grant_id: GrantId",
        "RFC 6749 section 4.1.2: when a code is used twice, the tokens that came from it must end",
    ),
    role(
        "client_id",
        "TokenClientIdColumn",
        "client_id: ClientId",
        "RFC 6749 section 4.1.3: a code is for the client it was issued to",
    ),
    role("subject", "CodeSubjectColumn", "subject: Subject", "RFC 6749 section 4.1"),
    role("scope", "ScopeColumn", "scope: ScopeSet<..>", "RFC 6749 section 3.3"),
    role(
        "redirect_uri",
        "CodeRedirectUriColumn",
        "redirect_uri: Option<String>",
        "RFC 6749 section 4.1.3: a redirect URI in the authorization request must come again in the token request",
    ),
    role(
        "code_challenge",
        "CodeChallengeColumn",
        "code_challenge: Option<CodeChallenge>",
        "RFC 7636 section 4.4: the code is bound to the challenge of its request",
    ),
    role(
        "expires_at",
        "ExpiresAtColumn",
        "expires_at: Timestamp",
        "RFC 6749 section 4.1.2: a code lives for minutes at most",
    ),
    role(
        "consumed_at",
        "ConsumedAtColumn",
        "consumed_at: Option<Timestamp>",
        "RFC 6749 section 4.1.2: a code that was used must say so",
    ),
];

impl Kind {
    pub(crate) const fn roles(self) -> &'static [Role] {
        match self {
            Self::Client => CLIENT,
            Self::Token => TOKEN,
            Self::Code => CODE,
        }
    }

    pub(crate) const fn noun(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Token => "token",
            Self::Code => "code",
        }
    }
}

/// A model: a struct that is a row.
pub(crate) struct Model {
    pub(crate) kind: Kind,
    pub(crate) name: Ident,
    pub(crate) table: String,
    pub(crate) fields: Vec<Field>,
    pub(crate) runtime: Runtime,
}

pub(crate) struct Field {
    pub(crate) ident: Ident,
    /// The column's name.
    pub(crate) column: String,
    pub(crate) ty: Type,
    pub(crate) role: Option<Role>,
    pub(crate) default: Option<TokenStream>,
}

impl Model {
    pub(crate) fn lower(kind: Kind, item: &DeriveInput, diag: &mut Diagnostics) -> Self {
        let attr = StructAttr::parse(&item.attrs, diag);
        if !item.generics.params.is_empty() {
            diag.push_at(&item.generics, "a model has no type parameters\n\nnote: the rules of a server are checked for concrete types");
        }
        let fields = fields(kind, item, diag);
        let table =
            attr.table.map_or_else(|| snake_case(&item.ident.unraw().to_string()), |table| table.value());
        Self { kind, name: item.ident.clone(), table, fields, runtime: Runtime::new(attr.runtime) }
    }

    /// The field that plays a role.
    pub(crate) fn role(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.role.is_some_and(|role| role.name == name))
    }
}

fn fields(kind: Kind, item: &DeriveInput, diag: &mut Diagnostics) -> Vec<Field> {
    let Data::Struct(syn::DataStruct { fields: Fields::Named(struct_fields), .. }) = &item.data else {
        diag.push(
            item.ident.span(),
            format_args!(
                "a {} model is a struct with named fields\n\nnote: its fields are the columns of a table",
                kind.noun()
            ),
        );
        return Vec::new();
    };
    let roles: Vec<&str> = kind.roles().iter().map(|role| role.name).collect();
    struct_fields
        .named
        .iter()
        .filter_map(|field| {
            let ident = field.ident.clone()?;
            let attr = FieldAttr::parse(&field.attrs, &roles, diag);
            let column = ident.unraw().to_string();
            let plays = attr.role.map_or_else(|| column.clone(), |role| role.to_string());
            let role = kind.roles().iter().copied().find(|role| role.name == plays);
            let ty = field.ty.clone();
            Some(Field { ident, column, ty, role, default: attr.default })
        })
        .collect()
}

fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for (index, letter) in name.chars().enumerate() {
        if letter.is_uppercase() && index > 0 {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}
