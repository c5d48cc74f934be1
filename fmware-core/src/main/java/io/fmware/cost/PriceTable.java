package io.fmware.cost;

import io.fmware.FmCall;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What models cost, by provider and name. A model without a price has none: it is unknown, never 0.
 *
 * <p>A line stands for the model of exactly its name, and for the dated names of that model: {@code gpt-4o} for {@code
 * gpt-4o-2024-08-06}, {@code gpt-4o-latest}, {@code gpt-4o-0806}, {@code gpt-4o-001} and {@code gpt-4o@20240806}, but never for
 * another model whose name begins so, such as {@code gpt-4o-mini}. A dated name that has a line of its own is priced by that.
 * A line whose name ends in {@code *} stands for all names that begin so; of several the longest counts. One that begins with
 * {@code =} does not stand for dated names.
 *
 * <p>Providers are named as in langchain4j's {@code ModelProvider}. Gemini costs the same by whichever of Google's interfaces.
 * Many hosts are asked by OpenAI's interface, so a name that has no line of provider {@code OPEN_AI}, and one whose provider is
 * {@code OTHER}, is looked for at all providers, and counts where exactly one has it. The names of deployments on Azure say
 * nothing of the model; add lines for them.
 *
 * <p>Immutable and thread-safe.
 */
public final class PriceTable {
    /** A year, month and day, a month and day, a month and year, a version, or the latest. */
    private static final Pattern DATED = Pattern.compile(
            "(?<name>.+?)(?:-20\\d\\d-\\d\\d-\\d\\d|[-@]20\\d{6}|-[01]\\d[0-3]\\d|-[01]\\d-20\\d\\d|-00\\d|-latest)");

    private static final String ANY = "*";
    private static final String EXACT = "=";
    private static final String LISTED = "models/"; // as Google lists them
    private static final Map<String, String> SAME =
            Map.of("GOOGLE_GENAI", "GOOGLE_AI_GEMINI", "GOOGLE_VERTEX_AI_GEMINI", "GOOGLE_AI_GEMINI");

    private static final int MOST_FOUND = 1_000;
    /** As long as the name of a resource of AWS can be. */
    private static final int LONGEST_NAME = 2_048;

    private final Map<String, Lines> providers;

    /** What was found before, by provider and name: a look-up takes some microseconds, and each call makes one or more. */
    private final Map<String, Map<String, Optional<Price>>> found = new ConcurrentHashMap<>();

    private final AtomicInteger foundSize = new AtomicInteger();

    private PriceTable(Map<String, Lines> providers) {
        this.providers = providers;
    }

    /** Read when first asked for. */
    private static final class Standard {
        private static final PriceTable TABLE = read();

        private static PriceTable read() {
            try (InputStream in = PriceTable.class.getResourceAsStream("prices.tsv")) {
                if (in == null) {
                    throw new IllegalStateException("prices.tsv is missing beside " + PriceTable.class.getName()
                            + "; the jar of fmware-core is not complete");
                }
                return new Builder()
                        .addLines(new InputStreamReader(in, StandardCharsets.UTF_8), "prices.tsv")
                        .build();
            } catch (IOException e) {
                throw new UncheckedIOException("prices.tsv of fmware-core cannot be read", e);
            }
        }
    }

    /**
     * The prices that come with FMware: list prices of some 200 models, each with its source and the day on which it held.
     * Prices change; what matters is to be checked, and overridden where it is out of date.
     *
     * @return the table
     */
    public static PriceTable standard() {
        return Standard.TABLE;
    }

    /**
     * Starts an empty table.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Starts a table with all that this one has.
     *
     * @return a builder
     */
    public Builder toBuilder() {
        Builder builder = new Builder();
        all().forEach((provider, lines) -> lines.forEach((model, price) -> builder.add(provider, model, price)));
        return builder;
    }

    /**
     * The price of a model.
     *
     * @param provider the provider, such as {@code OPEN_AI}
     * @param model the name of the model, such as {@code gpt-4o-mini}
     * @return the price, empty where it is not known, as it is for names of more than 2,048 characters
     */
    public Optional<Price> find(String provider, String model) {
        if (provider.length() > LONGEST_NAME || model.length() > LONGEST_NAME) {
            return Optional.empty();
        }
        Map<String, Optional<Price>> before = found.get(provider);
        Optional<Price> known = before == null ? null : before.get(model);
        if (known != null) {
            return known;
        }
        Optional<Price> looked = lookUp(provider, model);
        if (foundSize.get() < MOST_FOUND) { // threads that race may add a few more
            foundSize.incrementAndGet();
            found.computeIfAbsent(provider, name -> new ConcurrentHashMap<>()).put(model, looked);
        }
        return looked;
    }

    /** How many names are kept with what was found; for tests. */
    int foundSize() {
        return found.values().stream().mapToInt(Map::size).sum();
    }

    private Optional<Price> lookUp(String provider, String model) {
        String owner = owner(provider);
        String name = name(model);
        Lines own = providers.get(owner);
        Price price = own == null ? null : own.find(name);
        if (price == null && (owner.equals("OPEN_AI") || owner.equals("OTHER"))) {
            price = findAnywhere(name);
        }
        return Optional.ofNullable(price);
    }

    private static String owner(String provider) {
        return SAME.getOrDefault(provider, provider);
    }

    private static String name(String model) {
        return model.startsWith(LISTED) ? model.substring(LISTED.length()) : model;
    }

    /** Only where one provider has it: the same open model costs something else at each host. */
    private @Nullable Price findAnywhere(String name) {
        Price only = null;
        for (Lines lines : providers.values()) {
            Price price = lines.findNamed(name);
            if (price != null && only != null) {
                return null;
            }
            only = price == null ? only : price;
        }
        return only;
    }

    /**
     * The price of the model that a call asks: by the name of the model, or by that of the {@linkplain FmCall#target() target}
     * where the model has none.
     *
     * @param call the call
     * @return the price, empty where it is not known
     */
    public Optional<Price> find(FmCall call) {
        String name = call.modelName();
        return find(
                call.target().provider().name(), name == null ? call.target().name() : name);
    }

    /**
     * All lines.
     *
     * @return prices by provider and by name as written in the table
     */
    public Map<String, Map<String, Price>> all() {
        Map<String, Map<String, Price>> all = new TreeMap<>();
        providers.forEach((provider, lines) -> all.put(provider, lines.all()));
        return Collections.unmodifiableMap(all);
    }

    @Override
    public String toString() {
        long lines = all().values().stream().mapToLong(Map::size).sum();
        return "PriceTable[" + lines + " lines of " + providers.size() + " providers]";
    }

    /** The lines of one provider. */
    private static final class Lines {
        private final Map<String, Price> named = new HashMap<>();
        private final Map<String, Price> exact = new HashMap<>();
        private final NavigableMap<String, Price> prefixes = new TreeMap<>();

        void put(String model, Price price) {
            if (model.endsWith(ANY)) {
                prefixes.put(model.substring(0, model.length() - 1), price);
            } else if (model.startsWith(EXACT)) {
                String name = model.substring(1);
                exact.put(name, price);
                named.remove(name);
            } else {
                named.put(model, price);
                exact.remove(model);
            }
        }

        @Nullable
        Price find(String name) {
            Price price = findNamed(name);
            return price != null ? price : findByPrefix(name);
        }

        @Nullable
        Price findNamed(String name) {
            Price price = named.get(name);
            price = price != null ? price : exact.get(name);
            if (price == null) {
                Matcher dated = DATED.matcher(name);
                price = dated.matches() ? named.get(dated.group("name")) : null;
            }
            return price != null ? price : named.get(name + "-latest");
        }

        private @Nullable Price findByPrefix(String name) {
            Map.Entry<String, Price> at = prefixes.floorEntry(name);
            while (at != null && !name.startsWith(at.getKey())) {
                at = prefixes.lowerEntry(at.getKey());
            }
            return at == null ? null : at.getValue();
        }

        Map<String, Price> all() {
            Map<String, Price> all = new TreeMap<>(named);
            exact.forEach((name, price) -> all.put(EXACT + name, price));
            prefixes.forEach((name, price) -> all.put(name + ANY, price));
            return Collections.unmodifiableMap(all);
        }
    }

    /** Builds a table. What is added later overrides what has the same provider and name. Not thread-safe; may be used again. */
    public static final class Builder {
        private final Map<String, Map<String, Price>> lines = new LinkedHashMap<>();

        private Builder() {}

        /**
         * Adds a price, or replaces one.
         *
         * @param provider the provider, such as {@code OPEN_AI}; the name of a constant of {@code ModelProvider} where it has one
         * @param model the name of the model; with a {@code *} at its end for all that begin so, with a {@code =} before it for
         *     this name alone
         * @param price the price
         * @return this
         * @throws IllegalArgumentException if a name is blank or longer than 2,048 characters, or has both a {@code =} and a {@code *}
         */
        public Builder add(String provider, String model, Price price) {
            if (Objects.requireNonNull(provider, "provider").isBlank()
                    || Objects.requireNonNull(model, "model").isBlank()) {
                throw new IllegalArgumentException("a price needs the names of a provider and a model");
            }
            int longest = Math.max(provider.length(), model.length());
            if (longest > LONGEST_NAME) {
                throw new IllegalArgumentException(
                        "the name of a provider or a model must have at most 2,048 characters, but has " + longest
                                + "; longer ones are never found");
            }
            if (model.startsWith(EXACT) && model.endsWith(ANY)) {
                throw new IllegalArgumentException(
                        "the name of a model must not both begin with = and end in *, but is " + model
                                + "; leave one out");
            }
            lines.computeIfAbsent(owner(provider), name -> new LinkedHashMap<>())
                    .put(name(model), Objects.requireNonNull(price, "price"));
            return this;
        }

        /**
         * Adds what a file says, in the form of the table that comes with FMware: tab-separated, a line of titles first,
         * {@code #} before comments, a dash for what is not known. A name has one line, a title one column; prices above a number
         * of tokens need that number, a source the day on which it said so.
         *
         * @param file the file, in UTF-8, with a byte order mark or without
         * @return this
         * @throws IllegalArgumentException if a line is not of that form; says which and why
         * @throws UncheckedIOException if the file cannot be read
         */
        public Builder addFile(Path file) {
            Objects.requireNonNull(file, "file");
            try (Reader in = Files.newBufferedReader(file)) {
                return addLines(in, String.valueOf(file.getFileName()));
            } catch (IOException e) {
                throw new UncheckedIOException("the prices in " + file.getFileName() + " cannot be read", e);
            }
        }

        private Builder addLines(Reader in, String name) throws IOException {
            new PriceLines(name).read(new BufferedReader(in), this);
            return this;
        }

        /**
         * Builds the table.
         *
         * @return the table
         */
        public PriceTable build() {
            Map<String, Lines> providers = new TreeMap<>();
            lines.forEach((provider, models) -> {
                Lines own = new Lines();
                models.forEach(own::put);
                providers.put(provider, own);
            });
            return new PriceTable(providers);
        }
    }
}
