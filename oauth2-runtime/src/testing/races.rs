//! Whatever ends an authorization ends it, also while something is issued from it at that very moment.

use futures_util::future::try_join;

use super::{Bench, Kept, ROUNDS, Report, expect, present};
use crate::model::{Extent, Models, OAuth2Token};
use crate::store::{Agreed, Issuance, Store};

pub(super) async fn promises<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>, report: &mut Report) {
    report.add("nothing outlives the deletion of its client", delete_client_and_issue(bench).await);
    if M::Token::HAS_REFRESH_TOKEN && M::Token::HAS_GRANT_ID {
        report
            .add("a rotation does not outlive the end of its authorization", revoke_and_rotate(bench).await);
        report
            .add("a kept refresh token issues nothing that outlives it", revoke_and_issue_kept(bench).await);
    }
    if M::EXTENT == Extent::SignIn {
        report.add("a code's tokens do not outlive a withdrawn consent", withdraw_and_redeem(bench).await);
        report.add("a code's tokens do not outlive their client", delete_client_and_redeem(bench).await);
    }
}

async fn delete_client_and_issue<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    for _ in 0..ROUNDS {
        let party = bench.party().await?;
        let token = bench.fresh(&party);
        let deletion = bench.store(0).delete_client(&party.client_id, present(1));
        try_join(bench.issue(&token), deletion).await?;
        expect("the token is live", bench.is_live(&token.access).await?, false)?;
    }
    Ok(())
}

async fn revoke_and_rotate<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    for number in 0..ROUNDS {
        let party = bench.party().await?;
        let (token, next) = (bench.stored(&party).await?, bench.fresh(&party));
        let rows = std::slice::from_ref(&next.row);
        let rotation = bench.rotate(number, (token.refresh, &party.client_id), present(1), rows);
        try_join(rotation, bench.store(number + 1).revoke_grant(&party.grant_id, present(1))).await?;
        expect("the successor is live", bench.is_live(&next.access).await?, false)?;
    }
    Ok(())
}

async fn revoke_and_issue_kept<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    for number in 0..ROUNDS {
        let party = bench.party().await?;
        let (token, next) = (bench.stored(&party).await?, bench.fresh(&party));
        let issuance = Issuance {
            rows: std::slice::from_ref(&next.row),
            kept: Some(token.refresh),
            agreed: Agreed::Elsewhere,
        };
        let revocation = bench.store(number + 1).revoke_grant(&party.grant_id, present(1));
        try_join(bench.store(number).issue(issuance), revocation).await?;
        expect("the token is live", bench.is_live(&next.access).await?, false)?;
    }
    Ok(())
}

async fn withdraw_and_redeem<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    for number in 0..ROUNDS {
        let party = bench.party().await?;
        let (code, token) = (bench.stored_code(&party).await?, bench.fresh(&party));
        let rows = std::slice::from_ref(&token.row);
        let redemption = bench.redeem(number, (code, &party.client_id), present(1), rows);
        let store = bench.store(number + 1);
        let withdrawal = store.withdraw_consent(&party.subject, &party.client_id, present(1));
        try_join(redemption, withdrawal).await?;
        expect("the token is live", bench.is_live(&token.access).await?, false)?;
    }
    Ok(())
}

async fn delete_client_and_redeem<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    for number in 0..ROUNDS {
        let party = bench.party().await?;
        let (code, token) = (bench.stored_code(&party).await?, bench.fresh(&party));
        let rows = std::slice::from_ref(&token.row);
        let redemption = bench.redeem(number, (code, &party.client_id), present(1), rows);
        try_join(redemption, bench.store(number + 1).delete_client(&party.client_id, present(1))).await?;
        expect("the token is live", bench.is_live(&token.access).await?, false)?;
    }
    Ok(())
}
