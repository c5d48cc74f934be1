package io.fmware.benchmarks;

import io.fmware.Sources;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Code that reads the clock or draws by chance, into a prompt, into the argument of a tool, or into what the next agent reads. In
 * two of three cases the code is the same when it is replayed; in the third it took the value from {@link Sources} when it was
 * recorded. A replay is some minutes to a year later.
 */
final class PlantedSources {
    private static final Map<String, Function<Instant, String>> TIMES = times();
    private static final Map<String, Supplier<String>> CHANCES = chances();

    private PlantedSources() {}

    private static Map<String, Function<Instant, String>> times() {
        Map<String, Function<Instant, String>> times = new LinkedHashMap<>();
        times.put("instant", Instant::toString);
        times.put(
                "date and time",
                at -> at.atZone(ZoneOffset.UTC).toLocalDateTime().toString());
        times.put("date", at -> at.atZone(ZoneOffset.UTC).toLocalDate().toString());
        times.put("time", at -> shown(at, "HH:mm"));
        times.put("millis", at -> Long.toString(at.toEpochMilli()));
        times.put("seconds", at -> Long.toString(at.getEpochSecond()));
        times.put("zoned", at -> at.atZone(ZoneId.of("Europe/Berlin")).toString());
        times.put("RFC 1123", at -> DateTimeFormatter.RFC_1123_DATE_TIME.format(at.atZone(ZoneOffset.UTC)));
        times.put("Date", at -> Date.from(at).toString());
        times.put("German", at -> shown(at, "dd.MM.yyyy HH:mm"));
        times.put("American", at -> shown(at, "MM/dd/yyyy h:mm a"));
        times.put("in words", at -> shown(at, "EEEE, MMMM d, yyyy"));
        return times;
    }

    private static String shown(Instant at, String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(ZonedDateTime.ofInstant(at, ZoneOffset.UTC));
    }

    private static Map<String, Supplier<String>> chances() {
        Map<String, Supplier<String>> chances = new LinkedHashMap<>();
        chances.put("UUID", () -> UUID.randomUUID().toString());
        chances.put("int", () -> Integer.toString(ThreadLocalRandom.current().nextInt(1_000_000_000)));
        chances.put("double", () -> Double.toString(ThreadLocalRandom.current().nextDouble()));
        chances.put("Math.random()", () -> "Sample: " + Math.random());
        chances.put("long", () -> Long.toString(ThreadLocalRandom.current().nextLong()));
        chances.put("UUID without dashes", () -> UUID.randomUUID().toString().replace("-", ""));
        chances.put("start of a UUID", () -> UUID.randomUUID().toString().substring(0, 8));
        chances.put("hex", () -> Long.toHexString(ThreadLocalRandom.current().nextLong()));
        chances.put(
                "number of a request",
                () -> "REQ-" + ThreadLocalRandom.current().nextInt(1_000_000_000));
        chances.put("UUID in a name", () -> "claim_" + UUID.randomUUID() + ".pdf");
        chances.put("shuffled", PlantedSources::shuffled);
        return chances;
    }

    private static String shuffled() {
        List<String> examples = new ArrayList<>();
        for (char each = 'A'; each <= 'Z'; each++) {
            examples.add("example " + each);
        }
        Collections.shuffle(examples, ThreadLocalRandom.current());
        return String.join("\n", examples);
    }

    static PlantedChange clock(long seed) {
        PlantedPair pair = new PlantedPair(seed);
        String form = form(List.copyOf(TIMES.keySet()), seed);
        Function<Instant, String> shown = TIMES.get(form);
        Duration late = Duration.ofMinutes(5 + pair.random.nextInt(100)).plusDays(1 + pair.random.nextInt(5));
        Clock clock = Sources.clock(Clock.systemUTC());
        return planted(
                pair,
                "clock as " + form,
                () -> shown.apply(clock.instant()),
                () -> shown.apply(Instant.now()),
                () -> shown.apply(Instant.now().plus(late)),
                Set.of("Sources.clock("));
    }

    static PlantedChange random(long seed) {
        PlantedPair pair = new PlantedPair(seed);
        String form = form(List.copyOf(CHANCES.keySet()), seed);
        RandomGenerator random = Sources.random(RandomGenerator.getDefault());
        Supplier<UUID> ids = Sources.ids("desk", UUID::randomUUID);
        return planted(
                pair,
                "chance as " + form,
                form.contains("UUID") ? () -> ids.get().toString() : () -> Long.toString(random.nextLong()),
                CHANCES.get(form),
                CHANCES.get(form),
                Set.of("Sources.random(", "Sources.ids("));
    }

    private static String form(List<String> forms, long seed) {
        return forms.get((int) Math.floorMod(seed / 3, forms.size()));
    }

    private static PlantedChange planted(
            PlantedPair pair,
            String what,
            Supplier<String> proper,
            Supplier<String> before,
            Supplier<String> after,
            Set<String> hint) {
        boolean wasProper = pair.random.nextInt(3) == 0;
        Supplier<String> first = wasProper ? proper : before;
        String of = what + (wasProper ? ", which was taken from Sources, " : " ");
        PlantedNode node =
                pair.any(each -> each.kind.asks() || (each.kind == PlantedNode.Kind.CLERK && isRead(pair, each)));
        String missing = PlantedPair.inside(pair.replayed, node) + "/" + boundary(what);
        if (node.kind.asks()) {
            put(pair, node, first, after);
            String call = PlantedPair.firstCall(pair.replayed, node);
            return pair.change(
                    of + "into the prompt of " + node.name + " " + node.kind,
                    wasProper ? Set.of(missing, call) : Set.of(call),
                    hint);
        }
        if (pair.random.nextBoolean()) {
            pair.before(node).stamp = first;
            node.stamp = after;
            String tool = PlantedPair.inside(pair.replayed, node) + "/tool:file#1";
            return pair.change(
                    of + "into what the next one reads, by " + node.name,
                    wasProper ? Set.of(missing, tool) : Set.of(PlantedPair.place(pair.replayed, next(pair, node))),
                    hint);
        }
        put(pair, node, first, after);
        String tool = PlantedPair.inside(pair.replayed, node) + "/tool:file#1";
        return pair.change(
                of + "into the argument of a tool, by " + node.name,
                wasProper ? Set.of(missing.replace("clock#1", "clock#2"), tool) : Set.of(tool),
                hint);
    }

    private static String boundary(String what) {
        return what.startsWith("clock") ? "clock:clock#1" : what.contains("UUID") ? "id:desk#1" : "random:random#1";
    }

    private static void put(PlantedPair pair, PlantedNode node, Supplier<String> first, Supplier<String> after) {
        pair.before(node).fleeting = () -> "\nNow: " + first.get();
        node.fleeting = () -> "\nNow: " + after.get();
    }

    private static boolean isRead(PlantedPair pair, PlantedNode clerk) {
        int at = pair.replayed.children.indexOf(clerk);
        return at >= 0 && at < pair.replayed.children.size() - 1;
    }

    private static PlantedNode next(PlantedPair pair, PlantedNode clerk) {
        return pair.replayed.children.get(pair.replayed.children.indexOf(clerk) + 1);
    }
}
