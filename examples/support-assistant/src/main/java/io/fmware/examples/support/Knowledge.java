package io.fmware.examples.support;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;

/**
 * What is made once and shared: the handbook, its indexes, and the model that embeds questions in this JVM.
 *
 * @param handbook the pages
 * @param embeddings the embedding model
 * @param meaning the pages by meaning
 * @param keywords the pages by words
 */
record Knowledge(Handbook handbook, EmbeddingModel embeddings, EmbeddingIndex meaning, KeywordIndex keywords) {

    /** Loads the handbook and embeds it. */
    static Knowledge load() {
        try {
            return of(new AllMiniLmL6V2QuantizedEmbeddingModel(Runnable::run));
        } catch (LinkageError e) {
            throw new UserError("the embedding model has no native library for " + System.getProperty("os.name")
                    + " on " + System.getProperty("os.arch") + "; run the assistant on another platform");
        }
    }

    static Knowledge of(EmbeddingModel embeddings) {
        Handbook handbook = Handbook.load();
        EmbeddingIndex meaning = EmbeddingIndex.of(
                handbook.pages(), embeddings, Runtime.getRuntime().availableProcessors());
        return new Knowledge(handbook, embeddings, meaning, new KeywordIndex(handbook.pages()));
    }

    /** The same with a new text of one page. */
    Knowledge with(Page page) {
        Handbook revised = handbook.with(page);
        EmbeddingIndex vectors = meaning.with(revised.pages().indexOf(page), page, embeddings);
        return new Knowledge(revised, embeddings, vectors, new KeywordIndex(revised.pages()));
    }
}
