package io.fmware.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Vectors of real questions: BANKING77's training questions, and those of its test questions that are not queries. More than
 * there are questions are mixed of two that are near each other, with noise.
 */
final class QuestionVectors {
    static final String TRAIN = "banking77/train.csv";
    static final String TEST = "banking77/test.csv";
    static final int QUERIES = 1000;

    /** Of how many questions, drawn by chance, the one nearest to the first is mixed with it. */
    private static final int DRAWN = 64;

    private static final float NOISE = 0.3f;
    private static final long SEED = 5;

    final List<float[]> train;
    final List<float[]> others = new ArrayList<>();
    final List<float[]> queries = new ArrayList<>();

    QuestionVectors(Path train, Path test) throws IOException {
        AllMiniLmL6V2QuantizedEmbeddingModel model = new AllMiniLmL6V2QuantizedEmbeddingModel(Runnable::run);
        this.train = embed(model, questions(train));
        List<float[]> tested = embed(model, questions(test));
        for (int i = 0; i < tested.size(); i++) {
            boolean asked = i % 3 == 0 && queries.size() < QUERIES;
            (asked ? queries : others).add(tested.get(i));
        }
    }

    private static List<float[]> embed(AllMiniLmL6V2QuantizedEmbeddingModel model, List<String> questions) {
        return questions.stream()
                .map(question ->
                        unit(model.embed(TextSegment.from(question)).content().vector()))
                .toList();
    }

    /** All questions but the queries, and mixed ones up to a number. */
    List<float[]> mixed(int number) {
        List<float[]> vectors = new ArrayList<>(train);
        vectors.addAll(others);
        int real = vectors.size();
        Random random = new Random(SEED);
        while (vectors.size() < number) {
            float[] one = vectors.get(random.nextInt(real));
            float[] near = one;
            float nearest = -1;
            for (int i = 0; i < DRAWN; i++) {
                float[] other = vectors.get(random.nextInt(real));
                float similarity = VectorSearch.dot(one, other);
                if (other != one && similarity > nearest) {
                    nearest = similarity;
                    near = other;
                }
            }
            vectors.add(mix(one, near, random));
        }
        return vectors;
    }

    private static float[] mix(float[] one, float[] near, Random random) {
        float share = random.nextFloat();
        float[] mixed = new float[one.length];
        for (int i = 0; i < one.length; i++) {
            mixed[i] = share * one[i] + (1 - share) * near[i];
        }
        mixed = unit(mixed);
        for (int i = 0; i < one.length; i++) {
            mixed[i] += (float) (NOISE / Math.sqrt(one.length) * random.nextGaussian());
        }
        return unit(mixed);
    }

    private static float[] unit(float[] vector) {
        double length = Math.sqrt(VectorSearch.dot(vector, vector));
        float[] unit = new float[vector.length];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = (float) (vector[i] / length);
        }
        return unit;
    }

    /** The first column of each row but the head; a question in quotes may have commas, quotes and line breaks. */
    private static List<String> questions(Path file) throws IOException {
        String text = Files.readString(file, UTF_8);
        List<String> questions = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        boolean first = true;
        for (char c : text.toCharArray()) {
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                if (first) {
                    questions.add(field.toString());
                }
                first = false;
            } else if (c == '\n' && !quoted) {
                field.setLength(0);
                first = true;
            } else if (first) {
                field.append(c);
            }
        }
        return questions.subList(1, questions.size());
    }
}
