package io.fmware.examples.support;

import io.fmware.examples.support.HandbookRetriever.Hit;
import io.fmware.examples.support.HandbookRetriever.Weights;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What each part of the retrieval contributes: the share of questions whose right page it ranks first. */
final class RetrievalFigures {
    private static final Map<String, Weights> VARIANTS = variants();

    private RetrievalFigures() {}

    private static Map<String, Weights> variants() {
        Weights tuned = Weights.TUNED;
        Map<String, Weights> variants = new LinkedHashMap<>();
        variants.put("keywords only", new Weights(0, 0, 1, 0, 0));
        variants.put("nearest section only", new Weights(0, 1, 0, 0, 0));
        variants.put("nearest questions only", new Weights(1, 0, 0, 0, 0));
        variants.put("embeddings only", new Weights(tuned.questions(), tuned.sections(), 0, 0, 0));
        variants.put("embeddings and keywords", tuned);
        return variants;
    }

    /** The share of each variant; that of the tuned one is given for the first three pages too. */
    static Map<String, Double> of(Knowledge knowledge, Path csv, Path map) {
        List<Question> questions = QuestionsFile.read(csv);
        Map<String, Set<String>> pages = AssistantFigures.pagesOf(map);
        List<float[]> vectors = Parallel.map(
                questions,
                Runtime.getRuntime().availableProcessors(),
                question ->
                        knowledge.embeddings().embed(question.text()).content().vector());
        Map<String, Double> shares = new LinkedHashMap<>();
        VARIANTS.forEach((name, weights) -> {
            HandbookRetriever retriever = new HandbookRetriever(knowledge, knowledge.embeddings(), weights);
            int first = 0;
            int listed = 0;
            for (int i = 0; i < questions.size(); i++) {
                Set<String> expected = pages.getOrDefault(questions.get(i).category(), Set.of());
                List<String> ranked = retriever.rank(questions.get(i).text(), vectors.get(i)).stream()
                        .map(Hit::page)
                        .map(page -> knowledge.handbook().pages().get(page).id())
                        .toList();
                first += expected.contains(ranked.get(0)) ? 1 : 0;
                listed += ranked.stream().anyMatch(expected::contains) ? 1 : 0;
            }
            shares.put(name, (double) first / questions.size());
            if (weights.equals(Weights.TUNED)) {
                shares.put(name + ", among the first three", (double) listed / questions.size());
            }
        });
        return shares;
    }
}
