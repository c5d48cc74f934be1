package io.fmware.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Public texts of several kinds, from the directory of {@link PublicData}. */
final class TokenTexts {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST = 3_000;
    private static final int SHORTEST = 12;

    /** Texts that are no English prose: recombined lines of a file beside this class. */
    static final List<String> KINDS = List.of("code", "german", "russian", "chinese", "arabic");

    private static final int RECOMBINED = 400;

    private final Path root;

    TokenTexts(Path root) {
        this.root = root;
    }

    /** What may be looked at where the estimator is tuned. */
    Map<String, List<String>> tuned() {
        Map<String, List<String>> domains = new LinkedHashMap<>();
        domains.put("banking77 train", csv("banking77/train.csv"));
        domains.put("summedits news", json("summedits/news.json.gz", Set.of("doc", "summary")));
        domains.put("who-and-when", json("who-and-when/algorithm-generated-a.jsonl.gz", Set.of("content", "question")));
        return domains;
    }

    /** What the figure is of; nothing is tuned on it. */
    Map<String, List<String>> reported() {
        Map<String, List<String>> domains = new LinkedHashMap<>();
        domains.put("banking77 test", csv("banking77/test.csv"));
        domains.put("summedits scitldr", json("summedits/scitldr.json.gz", Set.of("doc", "summary")));
        domains.put("summedits sales_email", json("summedits/sales_email.json.gz", Set.of("doc", "summary")));
        domains.put("pandalm", json("pandalm/testset-v1.json.gz", Set.of("instruction", "input", "response1")));
        domains.put("llmbar", json("llmbar/natural-and-neighbor.jsonl.gz", Set.of("input", "output_1", "output_2")));
        domains.put("injection", json("injection/BIPIA_text.json", Set.of()));
        return domains;
    }

    /**
     * One to four parts of one half of a kind, one after the other, so that what is measured was not learned from. In the file, parts
     * of code are separated by an empty line, others by a line.
     */
    static List<String> ofKind(String kind, boolean firstHalf) {
        String name = "texts/" + kind + ".txt";
        List<String> parts;
        try (InputStream file = Objects.requireNonNull(TokenTexts.class.getResourceAsStream(name), name)) {
            String text = new String(file.readAllBytes(), StandardCharsets.UTF_8).strip();
            List<String> all = List.of(text.split(kind.equals("code") ? "\n{2,}" : "\n"));
            int half = all.size() / 2;
            parts = firstHalf ? all.subList(0, half) : all.subList(half, all.size());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String between = kind.equals("code") ? "\n\n" : kind.equals("chinese") ? "" : " ";
        Random random = new Random(kind.hashCode());
        return IntStream.range(0, RECOMBINED)
                .mapToObj(i -> random.ints(1 + random.nextInt(4), 0, parts.size())
                        .mapToObj(parts::get)
                        .collect(Collectors.joining(between)))
                .toList();
    }

    List<String> licences() {
        try (Stream<Path> files = Files.list(root.resolve("model-licences"))) {
            List<String> texts = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                texts.add(Files.readString(file));
            }
            return texts;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> checklist() {
        return json("checklist-squad/suite.jsonl.gz", Set.of());
    }

    private List<String> csv(String name) {
        try {
            return Files.readAllLines(root.resolve(name)).stream()
                    .skip(1)
                    .map(line -> line.contains(",") ? line.substring(0, line.lastIndexOf(',')) : line)
                    .filter(line -> line.length() >= SHORTEST)
                    .limit(MOST)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> json(String name, Set<String> fields) {
        try (InputStream in = Files.newInputStream(root.resolve(name));
                InputStream plain = name.endsWith(".gz") ? new GZIPInputStream(in) : in) {
            String text = new String(plain.readAllBytes(), StandardCharsets.UTF_8);
            List<String> found = new ArrayList<>();
            if (name.contains(".jsonl")) {
                for (String line : text.split("\n")) {
                    collect(JSON.readTree(line), fields.isEmpty(), fields, found);
                }
            } else {
                collect(JSON.readTree(text), fields.isEmpty(), fields, found);
            }
            return found.stream().distinct().limit(MOST).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void collect(JsonNode node, boolean taken, Set<String> fields, List<String> to) {
        if (node.isTextual() && taken && node.textValue().length() >= SHORTEST) {
            to.add(node.textValue());
        } else if (node.isObject()) {
            node.fields()
                    .forEachRemaining(each ->
                            collect(each.getValue(), fields.isEmpty() || fields.contains(each.getKey()), fields, to));
        } else if (node.isArray()) {
            node.forEach(each -> collect(each, taken, fields, to));
        }
    }
}
