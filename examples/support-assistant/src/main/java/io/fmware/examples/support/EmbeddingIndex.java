package io.fmware.examples.support;

import dev.langchain4j.model.embedding.EmbeddingModel;
import io.fmware.examples.support.Page.Section;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Scores pages by meaning. Each question of a customer and each section has a vector of its own: a page is as near as the mean
 * of its nearest questions, and as its nearest section. Immutable.
 */
final class EmbeddingIndex {
    private static final int NEAREST_QUESTIONS = 3;

    private final List<Vectors> pages;

    /** The vectors of one page, of length 1. */
    private record Vectors(List<float[]> questions, List<float[]> sections) {}

    private EmbeddingIndex(List<Vectors> pages) {
        this.pages = pages;
    }

    /**
     * Embeds all pages.
     *
     * @param threads how many texts are embedded at once
     */
    static EmbeddingIndex of(List<Page> pages, EmbeddingModel model, int threads) {
        List<String> texts = pages.stream()
                .flatMap(page -> Stream.concat(page.questions().stream(), sectionTexts(page)))
                .toList();
        List<float[]> vectors =
                Parallel.map(texts, threads, text -> model.embed(text).content().vector());
        int at = 0;
        Vectors[] all = new Vectors[pages.size()];
        for (int i = 0; i < all.length; i++) {
            int questions = pages.get(i).questions().size();
            int sections = pages.get(i).sections().size();
            all[i] = new Vectors(
                    vectors.subList(at, at + questions), vectors.subList(at + questions, at + questions + sections));
            at += questions + sections;
        }
        return new EmbeddingIndex(List.of(all));
    }

    /** The same vectors, but for those of one page, which is embedded. */
    EmbeddingIndex with(int index, Page page, EmbeddingModel model) {
        List<Vectors> revised = new ArrayList<>(pages);
        revised.set(index, of(List.of(page), model, 1).pages.get(0));
        return new EmbeddingIndex(List.copyOf(revised));
    }

    private static Stream<String> sectionTexts(Page page) {
        return page.sections().stream()
                .map(section -> page.title() + ". "
                        + (section.heading().isEmpty() ? "" : section.heading() + ". ")
                        + String.join(" ", section.statements()));
    }

    /** How near the questions of a page are. */
    double questionScore(int page, float[] question) {
        double[] cosines = cosines(pages.get(page).questions(), question);
        Arrays.sort(cosines);
        return Arrays.stream(cosines)
                .skip(Math.max(0, cosines.length - NEAREST_QUESTIONS))
                .average()
                .orElse(0);
    }

    /** How near each {@link Section} of a page is, in their order. */
    double[] sectionScores(int page, float[] question) {
        return cosines(pages.get(page).sections(), question);
    }

    private static double[] cosines(List<float[]> vectors, float[] question) {
        return vectors.stream().mapToDouble(vector -> dot(vector, question)).toArray();
    }

    private static double dot(float[] left, float[] right) {
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += left[i] * right[i];
        }
        return sum;
    }
}
