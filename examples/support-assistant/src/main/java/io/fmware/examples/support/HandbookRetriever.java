package io.fmware.examples.support;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.rag.query.Query;
import io.fmware.examples.support.Page.Section;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Finds the passages for a question: ranks the pages by meaning and by words, and takes all of the best page, with the nearest
 * section of up to two more that score about as high. The best passage comes first. Thread-safe.
 */
final class HandbookRetriever implements ContentRetriever {
    private static final int PAGES = 3;
    private static final int SECTIONS_OF_BEST = 5;
    private static final int SECTIONS_OF_OTHERS = 1;

    private final Knowledge knowledge;
    private final EmbeddingModel embeddings;
    private final Weights weights;

    /**
     * How much each score counts. The defaults were tuned on the training questions of BANKING77.
     *
     * @param questions the nearness of the questions that customers ask
     * @param sections the nearness of the best section
     * @param keywords the shared words
     * @param threshold the score below which no page is thought to answer the question
     * @param margin how far below the best page another one may be to be given too
     */
    record Weights(double questions, double sections, double keywords, double threshold, double margin) {
        static final Weights TUNED = new Weights(0.7, 0.3, 0.1, 0.4, 0.1);
    }

    /** A page with its score. */
    record Hit(int page, double score) {}

    HandbookRetriever(Knowledge knowledge, EmbeddingModel embeddings, Weights weights) {
        this.knowledge = knowledge;
        this.embeddings = embeddings;
        this.weights = weights;
    }

    @Override
    public List<Content> retrieve(Query query) {
        float[] question = embeddings.embed(query.text()).content().vector();
        List<Content> passages = new ArrayList<>();
        List<Hit> hits = rank(query.text(), question);
        for (Hit hit : hits) {
            if (hit.score() < Math.max(weights.threshold(), hits.get(0).score() - weights.margin())) {
                break;
            }
            passages.addAll(nearest(hit.page(), question, passages.isEmpty() ? SECTIONS_OF_BEST : SECTIONS_OF_OTHERS));
        }
        return passages;
    }

    /** The best pages, best first. */
    List<Hit> rank(String text, float[] question) {
        double[] keywords = knowledge.keywords().scores(text);
        List<Hit> hits = new ArrayList<>();
        for (int page = 0; page < keywords.length; page++) {
            double nearestSection = Arrays.stream(knowledge.meaning().sectionScores(page, question))
                    .max()
                    .orElse(0);
            hits.add(new Hit(
                    page,
                    weights.questions() * knowledge.meaning().questionScore(page, question)
                            + weights.sections() * nearestSection
                            + weights.keywords() * keywords[page]));
        }
        hits.sort(Comparator.comparingDouble(Hit::score).reversed());
        return hits.subList(0, PAGES);
    }

    private List<Content> nearest(int index, float[] question, int most) {
        Page page = knowledge.handbook().pages().get(index);
        double[] scores = knowledge.meaning().sectionScores(index, question);
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            order.add(i);
        }
        order.sort(Comparator.comparingDouble((Integer i) -> scores[i]).reversed());
        return order.stream()
                .limit(most)
                .map(i -> content(page, page.sections().get(i)))
                .toList();
    }

    private static Content content(Page page, Section section) {
        return Content.from(TextSegment.from(section.text(), Metadata.from(SourceMarks.KEY, page.id())));
    }
}
