package com.sharestack.billing.rates;

import com.sharestack.contract.DisplayCurrency;
import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Table exchange_rates. */
final class RateRepository {

  Map<DisplayCurrency, Quote> of(Sql sql, String source) {
    Map<DisplayCurrency, Quote> quotes = new EnumMap<>(DisplayCurrency.class);
    for (Row row :
        sql.rows("SELECT currency, per_cny, as_of FROM exchange_rates WHERE source = ?", source)) {
      DisplayCurrency currency = DisplayCurrency.of(row.getString("currency"));
      quotes.put(
          currency, new Quote(currency, row.getBigDecimal("per_cny"), Rows.instant(row, "as_of")));
    }
    return quotes;
  }

  /** Never puts an older quote over a newer one, in whichever order answers come. */
  void store(Tx tx, String source, List<Quote> quotes, Instant now) {
    tx.batch(
        """
        INSERT INTO exchange_rates (source, currency, per_cny, as_of, updated_at)
        VALUES (?, ?, ?, ?, ?)
        ON DUPLICATE KEY UPDATE
          per_cny = IF(VALUES(as_of) >= as_of, VALUES(per_cny), per_cny),
          updated_at = IF(VALUES(as_of) >= as_of, VALUES(updated_at), updated_at),
          as_of = GREATEST(as_of, VALUES(as_of))
        """,
        quotes.stream()
            .map(
                quote ->
                    new Object[] {
                      source, quote.currency().literal(), quote.perCny(), quote.asOf(), now
                    })
            .toList());
  }
}
