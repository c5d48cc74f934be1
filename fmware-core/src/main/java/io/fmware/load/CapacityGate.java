package io.fmware.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.fmware.Shares;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Fails a build in which a capacity has become worse than the one that was agreed on, which stands in a file under version
 * control. To be used in a test:
 *
 * <pre>{@code
 * CapacityGate.at(Path.of("src/test/load/checkout.json")).verify(model.capacity(slo));
 * }</pre>
 *
 * <p>The file is written, or written anew, where the system property {@code fmware.load.write} is true; never otherwise.
 * Immutable.
 */
public final class CapacityGate {
    private static final String WRITE = "fmware.load.write";
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Path file;
    private final double tolerance;

    /**
     * What the file holds.
     *
     * @param slo the objective
     * @param requestsPerSecond the capacity
     * @param dollarsPerThousandRequests what these cost at that rate
     */
    record Baseline(String slo, @Nullable Double requestsPerSecond, BigDecimal dollarsPerThousandRequests) {
        boolean isWhole() {
            return slo != null
                    && requestsPerSecond != null
                    && requestsPerSecond >= 0
                    && requestsPerSecond < Double.POSITIVE_INFINITY
                    && dollarsPerThousandRequests != null
                    && dollarsPerThousandRequests.signum() >= 0;
        }

        double rate() {
            return Objects.requireNonNull(requestsPerSecond, "requestsPerSecond");
        }
    }

    private CapacityGate(Path file, double tolerance) {
        this.file = file;
        this.tolerance = tolerance;
    }

    /**
     * A gate that tolerates a capacity 5 % lower, or 5 % dearer, than the one in a file.
     *
     * @param file where the agreed capacity stands
     * @return the gate
     */
    public static CapacityGate at(Path file) {
        return new CapacityGate(Objects.requireNonNull(file, "file"), 0.05);
    }

    /**
     * The gate with another tolerance.
     *
     * @param share 0 to 1
     * @return a gate
     */
    public CapacityGate tolerating(double share) {
        return new CapacityGate(file, Shares.checked(share, "the tolerance"));
    }

    /**
     * Compares a capacity with the agreed one, or writes it where {@code fmware.load.write} is true.
     *
     * @param capacity what was found now
     * @throws AssertionError if it is worse, if it is of another objective, or if nothing was agreed on yet
     * @throws UncheckedIOException if the file cannot be read or written
     */
    public void verify(Capacity capacity) {
        Baseline now = new Baseline(capacity.slo().toString(), capacity.perSecond(), perThousand(capacity));
        if (Boolean.getBoolean(WRITE)) {
            write(now);
            return;
        }
        List<String> worse = worse(read(), now);
        if (!worse.isEmpty()) {
            throw new AssertionError(String.join("; ", worse) + " (agreed in " + file + "; found now: " + capacity
                    + "). " + howToWrite("If that is meant, agree on it"));
        }
    }

    private List<String> worse(Baseline agreed, Baseline now) {
        if (!agreed.slo().equals(now.slo())) {
            throw new AssertionError("the capacity in " + file + " is of the objective " + agreed.slo()
                    + ", and now that is " + now.slo() + ". " + howToWrite("Agree on a new one"));
        }
        List<String> worse = new ArrayList<>();
        if (now.rate() < agreed.rate() * (1 - tolerance)) {
            worse.add("the capacity fell from " + Numbers.plain(agreed.rate()) + " to "
                    + Numbers.plain(now.rate()) + " requests/s, by more than "
                    + Numbers.percent(tolerance));
        }
        BigDecimal bound = agreed.dollarsPerThousandRequests().multiply(BigDecimal.valueOf(1 + tolerance));
        if (agreed.rate() > 0 && now.dollarsPerThousandRequests().compareTo(bound) > 0) { // nothing costs nothing
            worse.add("1,000 requests cost $" + now.dollarsPerThousandRequests().toPlainString() + " in place of $"
                    + agreed.dollarsPerThousandRequests().toPlainString() + ", more by more than "
                    + Numbers.percent(tolerance));
        }
        return worse;
    }

    /** A capacity of nothing costs nothing. */
    private static BigDecimal perThousand(Capacity capacity) {
        if (capacity.perSecond() == 0) {
            return BigDecimal.ZERO;
        }
        return capacity.atThat().costPerThousand().round(new MathContext(6)).stripTrailingZeros();
    }

    private static String howToWrite(String what) {
        return what + ": run the test once with -D" + WRITE + "=true and commit the file";
    }

    private Baseline read() {
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new AssertionError("there is no capacity in " + file + " yet. " + howToWrite("Agree on one"), e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
        try {
            Baseline agreed = JSON.readValue(text, Baseline.class);
            if (agreed == null || !agreed.isWhole()) {
                throw new AssertionError(file + " lacks a part of a capacity. " + howToWrite("Agree on one"));
            }
            return agreed;
        } catch (JsonProcessingException e) {
            throw new AssertionError(file + " is no capacity that this can read. " + howToWrite("Agree on one"), e);
        }
    }

    private void write(Baseline now) {
        try {
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            Files.writeString(file, JSON.writeValueAsString(now) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written", e);
        }
    }
}
