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
import java.util.regex.Pattern;
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

    private static final String BYTE_ORDER_MARK = "\ufeff";
    private static final Pattern TOKENS = Pattern.compile("[1-9][0-9]{0,17}");
    private static final List<String> ABOVE =
            List.of("input_above", "cached_input_above", "cache_write_above", "output_above");

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
            if (number == 1 && line.startsWith(BYTE_ORDER_MARK)) {
                line = line.substring(1);
            }
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
        for (String cell : cells) {
            if (cells.indexOf(cell) != cells.lastIndexOf(cell)) {
                throw wrong("it has two columns " + cell + "; keep one of them");
            }
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
            String plain = model.startsWith("=") ? model.substring(1) : model;
            if (!seen.add(provider + '\t' + plain)) {
                throw new IllegalArgumentException(provider + " " + plain + " has a line already; keep one of them");
            }
            to.add(provider, model, price(line));
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private static Price price(Map<String, String> line) {
        Price price = price(line, "");
        long threshold = tokens(line, "above_tokens");
        if (threshold > 0) {
            price = price.above(threshold, price(line, "_above"));
        } else {
            ABOVE.forEach(each -> needs(line, each, "above_tokens", "the number of tokens above which it holds"));
        }
        needs(line, "source", "as_of", "the day on which it said so");
        LocalDate asOf = day(line, "as_of");
        if (asOf != null) {
            price = price.withSource(asOf, line.getOrDefault("source", ""));
        }
        return price.withLimits(tokens(line, "context"), tokens(line, "max_output"));
    }

    private static void needs(Map<String, String> line, String title, String other, String what) {
        if (line.containsKey(title) && !line.containsKey(other)) {
            throw new IllegalArgumentException("it has " + title + " " + line.get(title) + ", but no " + other
                    + "; give " + what + ", or leave " + title + " out");
        }
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

    /** A number of tokens; 0 where none is given. */
    private static long tokens(Map<String, String> line, String title) {
        String cell = line.get(title);
        if (cell == null) {
            return 0;
        }
        if (!TOKENS.matcher(cell).matches()) {
            throw new IllegalArgumentException(
                    title + " must be a number of tokens, from 1 on and in digits alone, but is " + cell
                            + "; put a dash where it is not known");
        }
        return Long.parseLong(cell);
    }

    private static @Nullable LocalDate day(Map<String, String> line, String title) {
        String cell = line.get(title);
        try {
            return cell == null ? null : LocalDate.parse(cell);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    title + " must be a day such as 2026-11-01, but is " + cell + "; put a dash where it is not known",
                    e);
        }
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
