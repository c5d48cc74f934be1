package io.fmware.observability.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.fmware.observability.recorder.RecordedEvent;
import java.io.IOException;
import java.io.Reader;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What tokens cost: properties {@code model.in} and {@code model.out}, per 1,000,000 tokens. A model goes by the name that its
 * provider answered with, else by its name in the application. Not thread-safe.
 */
final class Prices {
    private static final String IN = ".in";
    private static final String OUT = ".out";
    private static final int MILLION = 6;
    private static final int DIGITS = 6;

    private final Map<String, BigDecimal> prices = new HashMap<>();
    private final TreeSet<String> missing = new TreeSet<>();

    /**
     * What something cost.
     *
     * @param known the sum of what is known
     * @param priced whether anything of it is known
     * @param complete whether all of it is known
     */
    record Cost(BigDecimal known, boolean priced, boolean complete) {
        static final Cost NONE = new Cost(BigDecimal.ZERO, false, true);

        Cost plus(Cost other) {
            return new Cost(known.add(other.known), priced || other.priced, complete && other.complete);
        }

        /** As it is shown: what is not known is never taken for nothing. */
        @Override
        public String toString() {
            if (!priced) {
                return complete ? "-" : "no price";
            }
            return known.setScale(DIGITS, RoundingMode.HALF_UP).toPlainString() + (complete ? "" : " + no price");
        }
    }

    private Prices() {}

    /** The prices of a file, {@code null} where there is none. */
    static @Nullable Prices of(@Nullable Path file) throws IOException {
        if (file == null) {
            return null;
        }
        Properties read = new Properties();
        try (Reader from = Files.newBufferedReader(file)) {
            read.load(from);
        } catch (IllegalArgumentException e) {
            throw new UserError(file + " has no properties: " + e.getMessage());
        }
        Prices prices = new Prices();
        for (String name : read.stringPropertyNames()) {
            prices.put(file, name, read.getProperty(name).strip());
        }
        return prices;
    }

    private void put(Path file, String name, String price) {
        if (!name.endsWith(IN) && !name.endsWith(OUT)) {
            throw new UserError(file + " has '" + name + "'; names of prices end with .in or .out");
        }
        try {
            BigDecimal number = new BigDecimal(price, MathContext.DECIMAL64);
            if (number.signum() >= 0 && Math.abs(number.scale()) < 20) {
                prices.put(name, number);
                return;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new UserError(file + " has '" + price + "' for " + name + "; a price is a number like 2.50");
    }

    /** What an event cost: what the end of an attempt tells of, and nothing else. */
    Cost of(RecordedEvent event) {
        if (!event.type().equals("attempt.ended")) {
            return Cost.NONE;
        }
        JsonNode json = event.json();
        if (!json.has("tokensIn") && !json.has("tokensOut")) {
            return Cost.NONE;
        }
        Cost in = cost(event, json.path("tokensIn").asLong(), IN);
        return in.plus(cost(event, json.path("tokensOut").asLong(), OUT));
    }

    private Cost cost(RecordedEvent event, long tokens, String way) {
        if (tokens == 0) {
            return Cost.NONE;
        }
        String provider = event.text("answeredBy");
        String model = String.valueOf(event.text("model"));
        BigDecimal price = provider == null ? null : prices.get(provider + way);
        if (price == null) {
            price = prices.get(model + way);
        }
        if (price == null) {
            missing.add(provider == null ? model : provider);
            return new Cost(BigDecimal.ZERO, false, false);
        }
        return new Cost(price.multiply(BigDecimal.valueOf(tokens)).movePointLeft(MILLION), true, true);
    }

    /** Says which models have no price. */
    void tell(Screen screen) {
        for (String each : missing) {
            screen.say("flights: there is no price for " + Shown.cut(each, Shown.NAME));
        }
    }
}
