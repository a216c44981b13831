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
