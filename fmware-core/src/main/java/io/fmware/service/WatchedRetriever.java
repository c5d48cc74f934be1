package io.fmware.service;

import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.rag.query.Query;
import io.fmware.BoundaryKind;
import io.fmware.FmRun;
import java.util.List;
import java.util.Objects;

/**
 * A content retriever behind a boundary.
 *
 * @param name its name in paths
 * @param delegate the retriever
 */
record WatchedRetriever(String name, ContentRetriever delegate) implements ContentRetriever {

    static String nameOf(ContentRetriever retriever) {
        Class<?> type = Objects.requireNonNull(retriever, "retriever").getClass();
        return type.isSynthetic() || type.isAnonymousClass() ? "retriever" : type.getSimpleName();
    }

    @Override
    public List<Content> retrieve(Query query) {
        if (FmRun.currentScope() == null) {
            // Several queries or retrievers: these are asked on threads of the augmentor's own.
            Invocation invocation = query.metadata() == null
                    ? null
                    : Invocation.of(query.metadata().invocationContext());
            if (invocation != null) {
                return invocation
                        .place()
                        .reserve(BoundaryKind.RETRIEVAL, name)
                        .cross(BoundaryKind.RETRIEVAL, name, query, delegate::retrieve);
            }
            Lost.warn("retriever", name);
        }
        return FmRun.cross(BoundaryKind.RETRIEVAL, name, query, delegate::retrieve);
    }
}
