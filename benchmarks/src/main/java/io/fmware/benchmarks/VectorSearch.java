package io.fmware.benchmarks;

import io.fmware.cache.CacheSearch;
import io.github.jbellis.jvector.graph.GraphIndexBuilder;
import io.github.jbellis.jvector.graph.GraphSearcher;
import io.github.jbellis.jvector.graph.ImmutableGraphIndex;
import io.github.jbellis.jvector.graph.ListRandomAccessVectorValues;
import io.github.jbellis.jvector.graph.RandomAccessVectorValues;
import io.github.jbellis.jvector.graph.SearchResult;
import io.github.jbellis.jvector.util.Bits;
import io.github.jbellis.jvector.vector.VectorSimilarityFunction;
import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import io.github.jbellis.jvector.vector.types.VectorTypeSupport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.ByteBuffersDirectory;

/** Ways to find the nearest of some vectors of length one; what is given back are their places in the list. */
interface VectorSearch {
    /** Of both graphs: the neighbours of a node, and how many candidates are kept while a node is put in and in a search. */
    int NEIGHBOURS = 16;

    int BUILD_WIDTH = 100;
    int SEARCH_WIDTH = 100;

    int[] nearest(float[] query, int most) throws IOException;

    /** Builds one of them. */
    interface Builder {
        VectorSearch build(List<float[]> vectors) throws IOException;
    }

    static VectorSearch ours(List<float[]> vectors) {
        return new CacheSearch(vectors)::nearest;
    }

    /** All of them, compared in eight sums. */
    static VectorSearch bruteForce(List<float[]> vectors) {
        return (query, most) -> {
            float[] similarities = new float[most];
            int[] places = new int[most];
            Arrays.fill(similarities, Float.NEGATIVE_INFINITY);
            for (int i = 0; i < vectors.size(); i++) {
                float similarity = dot(query, vectors.get(i));
                int place = most;
                while (place > 0 && similarities[place - 1] < similarity) {
                    place--;
                }
                if (place < most) {
                    System.arraycopy(similarities, place, similarities, place + 1, most - place - 1);
                    System.arraycopy(places, place, places, place + 1, most - place - 1);
                    similarities[place] = similarity;
                    places[place] = i;
                }
            }
            return places;
        };
    }

    static VectorSearch lucene(List<float[]> vectors) throws IOException {
        ByteBuffersDirectory directory = new ByteBuffersDirectory();
        // Lucene's defaults are 16 neighbours and a width of 100; one segment, as after a merge.
        try (IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig().setRAMBufferSizeMB(1024))) {
            for (float[] vector : vectors) {
                Document document = new Document();
                document.add(new KnnFloatVectorField(
                        "vector", vector, org.apache.lucene.index.VectorSimilarityFunction.DOT_PRODUCT));
                writer.addDocument(document);
            }
            writer.forceMerge(1);
        }
        IndexSearcher searcher = new IndexSearcher(DirectoryReader.open(directory));
        return (query, most) -> {
            ScoreDoc[] found = searcher.search(new KnnFloatVectorQuery("vector", query, SEARCH_WIDTH), most).scoreDocs;
            return Arrays.stream(found).mapToInt(each -> each.doc).toArray();
        };
    }

    static VectorSearch jvector(List<float[]> vectors) throws IOException {
        VectorTypeSupport types = VectorizationProvider.getInstance().getVectorTypeSupport();
        List<VectorFloat<?>> copies = new ArrayList<>();
        vectors.forEach(vector -> copies.add(types.createFloatVector(vector)));
        RandomAccessVectorValues values = new ListRandomAccessVectorValues(copies, vectors.get(0).length);
        VectorSimilarityFunction similarity = VectorSimilarityFunction.DOT_PRODUCT;
        ImmutableGraphIndex graph;
        try (GraphIndexBuilder builder =
                new GraphIndexBuilder(values, similarity, 2 * NEIGHBOURS, BUILD_WIDTH, 1.2f, 1.2f, true)) {
            graph = builder.build(values);
        }
        return (query, most) -> {
            SearchResult found = GraphSearcher.search(
                    types.createFloatVector(query), most, SEARCH_WIDTH, values, similarity, graph, Bits.ALL);
            return Arrays.stream(found.getNodes()).mapToInt(each -> each.node).toArray();
        };
    }

    /** The dot product of vectors whose length is a multiple of eight. */
    static float dot(float[] a, float[] b) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        float s4 = 0;
        float s5 = 0;
        float s6 = 0;
        float s7 = 0;
        for (int i = 0; i < a.length; i += 8) {
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2];
            s3 += a[i + 3] * b[i + 3];
            s4 += a[i + 4] * b[i + 4];
            s5 += a[i + 5] * b[i + 5];
            s6 += a[i + 6] * b[i + 6];
            s7 += a[i + 7] * b[i + 7];
        }
        return s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7;
    }
}
