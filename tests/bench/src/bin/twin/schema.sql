CREATE TABLE IF NOT EXISTS "app" (
    "client_id" TEXT NOT NULL,
    "client_secret" TEXT,
    "redirect_uris" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "team" TEXT NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS "app_client_id" ON "app" ("client_id");
CREATE TABLE IF NOT EXISTS "app_token" (
    "access_token" BLOB NOT NULL,
    "refresh_token" BLOB,
    "grant_id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "subject" TEXT,
    "scope" TEXT NOT NULL,
    "issued_at" INTEGER NOT NULL,
    "expires_at" INTEGER NOT NULL,
    "revoked_at" INTEGER
);
CREATE UNIQUE INDEX IF NOT EXISTS "app_token_access_token" ON "app_token" ("access_token");
CREATE UNIQUE INDEX IF NOT EXISTS "app_token_refresh_token" ON "app_token" ("refresh_token") WHERE "refresh_token" IS NOT NULL;
CREATE INDEX IF NOT EXISTS "app_token_grant_id" ON "app_token" ("grant_id");
CREATE INDEX IF NOT EXISTS "app_token_client_id" ON "app_token" ("client_id");
CREATE INDEX IF NOT EXISTS "app_token_expires_at" ON "app_token" ("expires_at");
CREATE TABLE IF NOT EXISTS "oauth2_code" (
    "code" BLOB NOT NULL,
    "grant_id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "redirect_uri" TEXT,
    "code_challenge" TEXT,
    "expires_at" INTEGER NOT NULL,
    "consumed_at" INTEGER
);
CREATE UNIQUE INDEX IF NOT EXISTS "oauth2_code_code" ON "oauth2_code" ("code");
CREATE INDEX IF NOT EXISTS "oauth2_code_client_id" ON "oauth2_code" ("client_id");
CREATE INDEX IF NOT EXISTS "oauth2_code_expires_at" ON "oauth2_code" ("expires_at");
CREATE TABLE IF NOT EXISTS "oauth2_session" (
    "session" BLOB NOT NULL,
    "subject" TEXT NOT NULL,
    "username" TEXT NOT NULL,
    "signed_in_at" INTEGER NOT NULL,
    "expires_at" INTEGER NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS "oauth2_session_session" ON "oauth2_session" ("session");
CREATE INDEX IF NOT EXISTS "oauth2_session_subject" ON "oauth2_session" ("subject");
CREATE INDEX IF NOT EXISTS "oauth2_session_expires_at" ON "oauth2_session" ("expires_at");
CREATE TABLE IF NOT EXISTS "oauth2_consent" (
    "subject" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "granted_at" INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS "oauth2_consent_client_id" ON "oauth2_consent" ("client_id");
CREATE UNIQUE INDEX IF NOT EXISTS "oauth2_consent_key" ON "oauth2_consent" ("subject", "client_id");
