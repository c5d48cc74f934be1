package io.fmware.benchmarks;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The questions of BANKING77, embedded by all-MiniLM-L6-v2 (quantized).
 *
 * @param texts the questions
 * @param intents what each question is about; two questions have the same right answer where this is equal
 * @param vectors of length 1
 * @param tested how many of them, at the beginning, are from test.csv
 */
record BankingQuestions(List<String> texts, int[] intents, float[][] vectors, int tested) {
    private static final int BATCH = 256;

    static BankingQuestions read(Path test, Path train, PrintStream progress) throws IOException {
        List<List<String>> rows = new ArrayList<>(rows(test));
        int tested = rows.size();
        rows.addAll(rows(train));
        Map<String, Integer> intents = new HashMap<>();
        int[] intentOf = new int[rows.size()];
        for (int i = 0; i < intentOf.length; i++) {
            Integer number = intents.putIfAbsent(rows.get(i).get(1), intents.size());
            intentOf[i] = number == null ? intents.size() - 1 : number;
        }
        List<String> texts = rows.stream().map(row -> row.get(0)).toList();
        return new BankingQuestions(texts, intentOf, embedded(rows, progress), tested);
    }

    int size() {
        return intents.length;
    }

    private static float[][] embedded(List<List<String>> rows, PrintStream progress) {
        EmbeddingModel model = new AllMiniLmL6V2QuantizedEmbeddingModel();
        List<float[]> vectors = new ArrayList<>();
        for (int from = 0; from < rows.size(); from += BATCH) {
            List<TextSegment> batch = rows.subList(from, Math.min(rows.size(), from + BATCH)).stream()
                    .map(row -> TextSegment.from(row.get(0)))
                    .toList();
            for (Embedding embedding : model.embedAll(batch).content()) {
                embedding.normalize();
                vectors.add(embedding.vector());
            }
            if (from / BATCH % 10 == 9) {
                progress.println("embedded " + vectors.size() + " of " + rows.size() + " questions");
            }
        }
        return vectors.toArray(float[][]::new);
    }

    /** The rows of a file of comma-separated values, without its head; a quoted field may contain commas and lines. */
    private static List<List<String>> rows(Path file) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        List<String> row = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (char c : Files.readString(file).toCharArray()) {
            if (c == '"') {
                // The second of two quotes inside a quoted field stands for one.
                quoted = !quoted;
                if (quoted && !field.isEmpty()) {
                    field.append(c);
                }
            } else if (!quoted && (c == ',' || c == '\n')) {
                row.add(field.toString());
                field.setLength(0);
                if (c == '\n') {
                    rows.add(row);
                    row = new ArrayList<>();
                }
            } else if (c != '\r') {
                field.append(c);
            }
        }
        if (!row.isEmpty()) {
            row.add(field.toString());
            rows.add(row);
        }
        return rows.subList(1, rows.size());
    }
}
