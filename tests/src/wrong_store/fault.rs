/// What a [`WrongStore`](super::WrongStore) does wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing: the wrapper itself is no fault.
    None,
    /// It looks whether a code is unused, and then uses it without looking again.
    ReadsCodesFirst,
    /// The same with refresh tokens.
    ReadsRefreshTokensFirst,
    /// Whoever has a code may use it.
    ForgetsTheClientOfCodes,
    /// Whoever has a refresh token may use it.
    ForgetsTheClientOfRefreshTokens,
    /// A code may be used in the second in which it ends.
    LetsCodesLiveASecondLonger,
    /// A refresh token may be used in the second in which it ends.
    LetsRefreshTokensLiveASecondLonger,
    /// It uses a code in one transaction and stores its token in another.
    UsesCodesByThemselves,
    /// The same with refresh tokens.
    UsesRefreshTokensByThemselves,
    /// It says of a used code only that it cannot be used.
    ForgetsUsedCodes,
    /// It issues for a kept refresh token whatever became of it.
    IgnoresKeptRefreshTokens,
    /// It takes a used refresh token that came back for a theft at once.
    IgnoresSuccessors,
    /// It ends the access tokens of others too.
    EndsForAnybody,
    /// It says of every client that it was inserted.
    ClaimsEveryInsert,
    /// It begins a page with the last client of the one before.
    ListsTheLastAgain,
    /// A check before a start sees the first page again and again.
    ChecksTheFirstPageAgain,
    /// It issues rows one by one.
    IssuesRowByRow,
    /// It uses the refresh token up with its access token.
    EndsRefreshTokensToo,
    /// It says that an authorization is revoked.
    RevokesNothing,
    /// It stores the code and no consent.
    ForgetsConsents,
    /// It says that a person's sessions are over.
    EndsNoSessions,
    /// It looks which secret is there, and then replaces whatever is.
    ReadsSecretsFirst,
    /// It changes the secret whenever it changes the client.
    ReplacesSecrets,
    /// It stores the code, and then the consent.
    AgreesInTwoSteps,
    /// It stores the consent, and then the token it comes with.
    AgreesBeforeItIssues,
    /// It issues a token that rests on a consent whatever became of that.
    IgnoresConsentsOfTokens,
    /// It withdraws the consent and leaves what came from it.
    WithdrawsConsentsOnly,
    /// It ends the session of a browser, and then starts another.
    StartsSessionsInTwoSteps,
    /// It forgets that a browser had a session.
    KeepsPreviousSessions,
    /// It deletes a used refresh token with the access token in its row.
    PurgesUsedRefreshTokens,
    /// It deletes access tokens that have one second left.
    PurgesTooEarly,
    /// It deletes a code when it ends, so that nobody recognises it.
    PurgesCodesThatAreRemembered,
    /// It deletes everything at once.
    IgnoresTheLimit,
    /// It can make its tables once.
    PreparesOnce,
    /// It finds a client whatever the case of its identifier.
    FindsClientsInAnyCase,
    /// It replaces whatever secret is there.
    SetsSecretsAnyway,
    /// It says of a used refresh token only that it cannot be used.
    ForgetsUsedRefreshTokens,
    /// It issues tokens for less than it is told.
    NarrowsTokens,
    /// It stores codes without where they are sent.
    ForgetsRedirectUris,
    /// It issues to a client that is not there.
    IssuesToAnybody,
    /// It stores codes and consents for a client that is not there.
    AuthorizesAnybody,
    /// It deletes a client and leaves what it has.
    DeletesClientsOnly,
    /// It says that a client is deleted.
    ForgetsDeletions,
    /// It stores a code that rests on a consent whatever became of that.
    IgnoresConsentsOfCodes,
    /// It withdraws the consents of all people for the client.
    WithdrawsForEverybody,
}
