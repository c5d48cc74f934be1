package io.fmware.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import io.fmware.text.Distinctions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/** What a cache that goes by similarity would serve with and without a look at what keeps questions apart. */
final class DistinctionFigures implements FigureGroup {
    private static final String OPPOSITES = "cache.opposites.served";
    private static final String PARAPHRASES = "cache.paraphrases.served";
    private static final String GPTCACHE = "cache.gptcache";
    private static final String WRONG = ".wrong";
    private static final String BARE = ".base.threshold80";
    private static final String PEER = ".peer.gptcache";

    private static final String SENTENCES_FILE = "opposites/semantoneg-a.jsonl.gz";
    private static final String QUESTIONS_FILE = "gptcache/mock_data.json";

    /** A threshold that caches by similarity often have; GPTCache measures another distance. */
    private static final double THRESHOLD = 0.80;

    /** As published in examples/README.md of zilliztech/GPTCache. */
    private static final int PEER_HITS = 904;

    private static final int PEER_WRONG = 92;
    private static final int PEER_QUESTIONS = 999;

    private static final List<String> OF_SENTENCES =
            List.of(OPPOSITES, OPPOSITES + BARE, PARAPHRASES, PARAPHRASES + BARE);

    private static final List<String> OF_QUESTIONS = List.of(
            GPTCACHE,
            GPTCACHE + WRONG,
            GPTCACHE + BARE,
            GPTCACHE + BARE + WRONG,
            GPTCACHE + PEER,
            GPTCACHE + PEER + WRONG);

    @Override
    public List<String> names() {
        List<String> names = new ArrayList<>(OF_SENTENCES);
        names.addAll(OF_QUESTIONS);
        return names;
    }

    @Override
    public void measure(Set<String> wanted, Output output) throws IOException {
        Embedder embedder = new Embedder();
        if (OF_SENTENCES.stream().anyMatch(wanted::contains)) {
            sentences(embedder, wanted, output);
        }
        if (OF_QUESTIONS.stream().anyMatch(wanted::contains)) {
            questions(embedder, wanted, output);
        }
    }

    private static void sentences(Embedder embedder, Set<String> wanted, Output output) throws IOException {
        Optional<Path> file = PublicData.file(SENTENCES_FILE);
        if (file.isEmpty()) {
            OF_SENTENCES.stream()
                    .filter(wanted::contains)
                    .forEach(name -> output.skip(name, PublicData.missing(SENTENCES_FILE)));
            return;
        }
        Pairs odd = new Pairs();
        Pairs even = new Pairs();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file.get())), StandardCharsets.UTF_8))) {
            ObjectMapper mapper = new ObjectMapper();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode row = mapper.readTree(line);
                Pairs half = row.get("idx").asInt() % 2 == 0 ? even : odd;
                JsonNode sentences = row.get("sentences");
                for (int i = 0; i < sentences.size(); i++) {
                    half.add(
                            embedder,
                            row.get("input").asText(),
                            sentences.get(i).asText(),
                            i == row.get("label").asInt());
                }
            }
        }
        String set = Jdk.running() + "; SemAntoNeg, all-MiniLM-L6-v2-q, cosine of " + THRESHOLD + " or more";
        String guarded =
                set + " and no distinction; word lists and rules were made on the odd half, this is the even one: ";
        String bare = set + "; the even half: ";
        print(
                wanted,
                output,
                OPPOSITES,
                even.opposites,
                even.oppositesServed,
                guarded,
                odd.oppositesServed,
                odd.opposites);
        print(
                wanted,
                output,
                OPPOSITES + BARE,
                even.opposites,
                even.oppositesAlike,
                bare,
                odd.oppositesAlike,
                odd.opposites);
        print(
                wanted,
                output,
                PARAPHRASES,
                even.paraphrases,
                even.paraphrasesServed,
                guarded,
                odd.paraphrasesServed,
                odd.paraphrases);
        print(
                wanted,
                output,
                PARAPHRASES + BARE,
                even.paraphrases,
                even.paraphrasesAlike,
                bare,
                odd.paraphrasesAlike,
                odd.paraphrases);
    }

    private static void print(
            Set<String> wanted,
            Output output,
            String name,
            int all,
            int served,
            String conditions,
            int servedOfOdd,
            int allOfOdd) {
        if (wanted.contains(name)) {
            output.print(new Figure(
                    name,
                    percent(served, all),
                    "%",
                    conditions + served + " of " + all + "; odd half: "
                            + String.format(Locale.ROOT, "%.2f", percent(servedOfOdd, allOfOdd)) + " %"));
        }
    }

    private static void questions(Embedder embedder, Set<String> wanted, Output output) throws IOException {
        Optional<Path> file = PublicData.file(QUESTIONS_FILE);
        if (file.isEmpty()) {
            OF_QUESTIONS.stream()
                    .filter(wanted::contains)
                    .forEach(name -> output.skip(name, PublicData.missing(QUESTIONS_FILE)));
            return;
        }
        JsonNode rows = new ObjectMapper().readTree(file.get().toFile());
        Nearest odd = new Nearest();
        Nearest even = new Nearest();
        for (int i = 0; i < rows.size(); i++) {
            (i % 2 == 0 ? even : odd).ask(embedder, rows, i);
        }
        String set = Jdk.running() + "; benchmark data of GPTCache, " + rows.size()
                + " similar questions, nearest cached one by all-MiniLM-L6-v2-q, cosine of " + THRESHOLD + " or more";
        String guarded = set + " and no distinction; ";
        int all = rows.size();
        answers(wanted, output, GPTCACHE, all, odd.hits + even.hits, guarded, odd.hits, even.hits);
        answers(wanted, output, GPTCACHE + WRONG, all, odd.wrong + even.wrong, guarded, odd.wrong, even.wrong);
        answers(
                wanted,
                output,
                GPTCACHE + BARE,
                all,
                odd.bareHits + even.bareHits,
                set + "; ",
                odd.bareHits,
                even.bareHits);
        answers(
                wanted,
                output,
                GPTCACHE + BARE + WRONG,
                all,
                odd.bareWrong + even.bareWrong,
                set + "; ",
                odd.bareWrong,
                even.bareWrong);
        String published = "published by GPTCache for the same data: SQLite, Faiss, its ONNX model, its threshold 0.8;"
                + " examples/README.md of zilliztech/GPTCache; 904 right, 92 wrong, 3 missed;"
                + " its stricter threshold 0.9: 804, 77, 118; 0.95: 425, 25, 549";
        if (wanted.contains(GPTCACHE + PEER)) {
            output.print(new Figure(GPTCACHE + PEER, percent(PEER_HITS, PEER_QUESTIONS), "%", published));
        }
        if (wanted.contains(GPTCACHE + PEER + WRONG)) {
            output.print(new Figure(GPTCACHE + PEER + WRONG, percent(PEER_WRONG, PEER_QUESTIONS), "%", published));
        }
    }

    private static void answers(
            Set<String> wanted, Output output, String name, int all, int count, String conditions, int odd, int even) {
        if (wanted.contains(name)) {
            output.print(new Figure(
                    name,
                    percent(count, all),
                    "%",
                    conditions + (name.endsWith(WRONG) ? "another question's answer" : "the right answer") + ": "
                            + count + "; rules were checked on every other one: " + odd + ", the rest: " + even));
        }
    }

    private static double percent(int part, int all) {
        return 100.0 * part / all;
    }

    private static final class Embedder {
        private final EmbeddingModel model = new AllMiniLmL6V2QuantizedEmbeddingModel();
        private final Map<String, float[]> known = new HashMap<>();

        float[] vector(String text) {
            return known.computeIfAbsent(
                    text, each -> model.embed(each).content().vector());
        }

        /** The model gives vectors of length one. */
        double cosine(String one, String other) {
            float[] first = vector(one);
            float[] second = vector(other);
            double cosine = 0;
            for (int i = 0; i < first.length; i++) {
                cosine += (double) first[i] * second[i];
            }
            return cosine;
        }
    }

    private static final class Pairs {
        private int opposites;
        private int oppositesAlike;
        private int oppositesServed;
        private int paraphrases;
        private int paraphrasesAlike;
        private int paraphrasesServed;

        void add(Embedder embedder, String input, String sentence, boolean paraphrase) {
            boolean alike = embedder.cosine(input, sentence) >= THRESHOLD;
            boolean served = alike && Distinctions.between(input, sentence).isEmpty();
            if (paraphrase) {
                paraphrases++;
                paraphrasesAlike += alike ? 1 : 0;
                paraphrasesServed += served ? 1 : 0;
            } else {
                opposites++;
                oppositesAlike += alike ? 1 : 0;
                oppositesServed += served ? 1 : 0;
            }
        }
    }

    private static final class Nearest {
        private int hits;
        private int wrong;
        private int bareHits;
        private int bareWrong;

        void ask(Embedder embedder, JsonNode rows, int index) {
            String asked = rows.get(index).get("similar").asText();
            int nearest = 0;
            double best = -1;
            for (int i = 0; i < rows.size(); i++) {
                double cosine = embedder.cosine(asked, rows.get(i).get("origin").asText());
                if (cosine > best) {
                    best = cosine;
                    nearest = i;
                }
            }
            if (best < THRESHOLD) {
                return;
            }
            boolean served = Distinctions.between(
                            asked, rows.get(nearest).get("origin").asText())
                    .isEmpty();
            if (nearest == index) {
                bareHits++;
                hits += served ? 1 : 0;
            } else {
                bareWrong++;
                wrong += served ? 1 : 0;
            }
        }
    }
}
