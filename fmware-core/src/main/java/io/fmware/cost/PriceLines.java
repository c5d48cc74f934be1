package io.fmware.cost;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads prices from tab-separated lines. Used once, by one thread. */
final class PriceLines {
    private static final List<String> NEEDED = List.of("provider", "model", "input");
    private static final Set<String> TITLES = Set.of(
            "provider",
            "model",
            "input",
            "cached_input",
            "cache_write",
            "output",
            "above_tokens",
            "input_above",
            "cached_input_above",
            "cache_write_above",
            "output_above",
            "context",
            "max_output",
            "as_of",
            "source");

    private final String file;
    private final Set<String> seen = new HashSet<>();
    private int number;

    PriceLines(String file) {
        this.file = file;
    }

    void read(BufferedReader in, PriceTable.Builder to) throws IOException {
        List<String> titles = null;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            List<String> cells =
                    Arrays.stream(line.split("\t", -1)).map(String::trim).toList();
            if (titles == null) {
                titles = titles(cells);
            } else {
                add(titles, cells, to);
            }
        }
        if (titles == null) {
            throw new IllegalArgumentException(
                    file + " has no line of titles; begin it with the names of its columns, separated by tabs");
        }
    }

    private List<String> titles(List<String> cells) {
        if (!cells.containsAll(NEEDED) || !TITLES.containsAll(cells)) {
            throw wrong("the titles must be some of " + TITLES.stream().sorted().toList() + ", with all of " + NEEDED
                    + " among them");
        }
        return cells;
    }

    private void add(List<String> titles, List<String> cells, PriceTable.Builder to) {
        if (cells.size() != titles.size()) {
            throw wrong("it has " + cells.size() + " cells, but there are " + titles.size() + " titles");
        }
        Map<String, String> line = new HashMap<>();
        for (int i = 0; i < cells.size(); i++) {
            if (!cells.get(i).isEmpty() && !cells.get(i).equals("-")) {
                line.put(titles.get(i), cells.get(i));
            }
        }
        try {
            String provider = needed(line, "provider");
            String model = needed(line, "model");
            if (!seen.add(provider + '\t' + model)) {
                throw new IllegalArgumentException(provider + " " + model + " has a line already");
            }
            to.add(provider, model, price(line));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private static Price price(Map<String, String> line) {
        Price price = price(line, "");
        String threshold = line.get("above_tokens");
        if (threshold != null) {
            price = price.above(number(threshold), price(line, "_above"));
        }
        String asOf = line.get("as_of");
        if (asOf != null) {
            price = price.withSource(LocalDate.parse(asOf), line.getOrDefault("source", ""));
        }
        return price.withLimits(number(line.get("context")), number(line.get("max_output")));
    }

    private static Price price(Map<String, String> line, String suffix) {
        String output = line.get("output" + suffix);
        String input = needed(line, "input" + suffix);
        Price price = output == null ? Price.perMillionOfInput(input) : Price.perMillion(input, output);
        String cached = line.get("cached_input" + suffix);
        price = cached == null ? price : price.withCachedInput(cached);
        String written = line.get("cache_write" + suffix);
        return written == null ? price : price.withCacheWrite(written);
    }

    private static long number(@Nullable String text) {
        return text == null ? 0 : Long.parseLong(text);
    }

    private static String needed(Map<String, String> line, String title) {
        String cell = line.get(title);
        if (cell == null) {
            throw new IllegalArgumentException("it has no " + title);
        }
        return cell;
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("line " + number + " of " + file + " is no price: " + what);
    }
}
