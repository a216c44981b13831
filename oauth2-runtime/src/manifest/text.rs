use std::fmt::{self, Display, Formatter};
use std::time::Duration;

use super::{Manifest, Route};
use crate::error::ErrorCode;
use crate::spec::SignInBy;
use crate::store::{Schema, TableColumn, TableSpec};
use crate::types::{DefaultRight, GrantProperties, Legacy};

/// One fact a line. A line without indentation begins what the lines below it are about, so that a difference tool shows it
/// with them. Only ever add lines or change the one that a change is about: people read the differences.
impl Display for Manifest {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        server(self, f)?;
        writeln!(f)?;
        for scope in self.scopes {
            writeln!(f, "scope {scope}")?;
        }
        for properties in self.grants {
            grant(properties, &self.extensions(properties.grant_type), f)?;
        }
        for route in self.routes() {
            endpoint(&route, f)?;
        }
        writeln!(f, "\nprotected routes")?;
        writeln!(f, "  error_codes {}", list(codes(self.protected_route_errors)))?;
        let tables = self.tables();
        if tables.is_empty() {
            writeln!(f, "\ntables are not named by the store")?;
        }
        tables.iter().try_for_each(|spec| table(spec, f))
    }
}

fn server(manifest: &Manifest, f: &mut Formatter<'_>) -> fmt::Result {
    writeln!(f, "server")?;
    writeln!(f, "  profile {}", manifest.profile)?;
    for relaxation in manifest.relaxations {
        writeln!(f, "  allow {} because {}", relaxation.rule, one_line(relaxation.reason))?;
    }
    writeln!(f, "  client_auth {}", list(manifest.client_auth()))?;
    writeln!(
        f,
        "  sign_in {}",
        match manifest.sign_in {
            SignInBy::Nothing => "nobody",
            SignInBy::Password => "password",
            SignInBy::OwnPages => "own_pages",
        }
    )?;
    let subjects =
        if manifest.subjects { "asked before every token" } else { "always active: nobody is asked" };
    writeln!(f, "  subjects {subjects}")?;
    writeln!(
        f,
        "  tokens {}",
        if manifest.own_tokens { "of generators of the application" } else { "opaque" }
    )?;
    writeln!(
        f,
        "  schema {}",
        match manifest.schema {
            Schema::Managed => "managed",
            Schema::External => "external",
        }
    )?;
    writeln!(f, "  purge {}", if manifest.purge { "on" } else { "off" })?;
    for (name, lifetime) in manifest.lifetimes.named() {
        if let Some(lifetime) = lifetime {
            writeln!(f, "  {name} {}", seconds(lifetime))?;
        }
    }
    Ok(())
}

fn grant(grant: &GrantProperties, extensions: &[String], f: &mut Formatter<'_>) -> fmt::Result {
    writeln!(f, "\ngrant {}", one_line(grant.grant_type))?;
    if let Some(legacy) = grant.legacy {
        writeln!(
            f,
            "  legacy {}",
            match legacy {
                Legacy::Implicit => "implicit",
                Legacy::Password => "password",
            }
        )?;
    }
    if let Some(response_type) = grant.response_type {
        writeln!(f, "  response_type {response_type}")?;
    }
    writeln!(f, "  token_request {}", yes(grant.token_request))?;
    writeln!(f, "  confidential_only {}", yes(grant.confidential_only))?;
    writeln!(
        f,
        "  default_right {}",
        match grant.default_right {
            DefaultRight::Secret => "clients with a secret",
            DefaultRight::RedirectUris => "clients with a redirect URI",
            DefaultRight::SecretOrRedirectUris => "clients with a secret or a redirect URI",
            DefaultRight::Nobody => "nobody",
        }
    )?;
    writeln!(f, "  scopes {}", grant.scopes.map_or_else(|| "all".to_owned(), list))?;
    if !grant.redeems_refresh_tokens {
        let all = || "all that the client may have".to_owned();
        writeln!(f, "  default_scopes {}", grant.default_scopes.map_or_else(all, list))?;
    }
    if let Some(ttl) = grant.code_ttl {
        writeln!(f, "  code_ttl {}", seconds(ttl))?;
        writeln!(f, "  requires_pkce {}", yes(grant.requires_pkce))?;
    }
    writeln!(f, "  access_token_ttl {}", seconds(grant.access_token_ttl))?;
    writeln!(f, "  issues_refresh_tokens {}", yes(grant.issues_refresh_tokens))?;
    if grant.redeems_refresh_tokens {
        writeln!(f, "  redeems_refresh_tokens yes")?;
        writeln!(f, "  rotates_refresh_tokens {}", yes(grant.rotates_refresh_tokens))?;
    }
    if let Some(ttl) = grant.refresh_token_ttl {
        writeln!(f, "  refresh_token_ttl {}", seconds(ttl))?;
    }
    writeln!(f, "  extensions {}", list(extensions))
}

fn endpoint(route: &Route, f: &mut Formatter<'_>) -> fmt::Result {
    writeln!(f, "\nendpoint {}", route.endpoint)?;
    writeln!(f, "  answered_by {}", route.answered_by.as_deref().unwrap_or("the application"))?;
    writeln!(f, "  path {}", one_line(route.path))?;
    writeln!(f, "  methods {}", list(&route.methods))?;
    writeln!(f, "  client_auth {}", list(&route.client_auth))?;
    writeln!(f, "  layer {}", yes(route.layer))?;
    writeln!(f, "  error_codes {}", list(codes(route.error_codes)))
}

fn table(table: &TableSpec, f: &mut Formatter<'_>) -> fmt::Result {
    writeln!(f, "\ntable {}", one_line(table.name))?;
    for column in &table.columns {
        writeln!(f, "  {} {}", one_line(column.name), nature(column))?;
    }
    if !table.unique_together.is_empty() {
        writeln!(f, "  unique together {}", list(&table.unique_together))?;
    }
    Ok(())
}

fn nature(column: &TableColumn) -> String {
    let null = if column.nullable { "NULL" } else { "NOT NULL" };
    let index = match (column.unique, column.indexed) {
        (true, _) => ", unique",
        (false, true) => ", indexed",
        (false, false) => "",
    };
    let role = column.role.map_or_else(|| "own".to_owned(), |role| format!("role {role}"));
    format!("{} {null}{index}, {role}", column.sql_type)
}

fn codes(codes: &[ErrorCode]) -> impl Iterator<Item = &'static str> {
    codes.iter().map(|code| code.as_str())
}

fn yes(fact: bool) -> &'static str {
    if fact { "yes" } else { "no" }
}

fn seconds(lifetime: Duration) -> String {
    format!("{} s", lifetime.as_secs())
}

fn list<T: AsRef<str>>(names: impl IntoIterator<Item = T>) -> String {
    let names: Vec<_> = names.into_iter().map(|name| one_line(name.as_ref())).collect();
    if names.is_empty() { "-".to_owned() } else { names.join(", ") }
}

/// What somebody has written over several lines is still one fact.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
