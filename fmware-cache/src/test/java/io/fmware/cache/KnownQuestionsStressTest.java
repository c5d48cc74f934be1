package io.fmware.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class KnownQuestionsStressTest {
    private static final int THREADS = 4;
    private static final int ROUNDS = 20_000;
    private static final CacheKey PARTITION = new CacheKey("", "", "OTHER", "gpt", "", "digest");

    private final KnownQuestions questions = new KnownQuestions();

    static Entry entry(String text) {
        return Entry.answer(
                PARTITION,
                ChatResponse.builder().aiMessage(AiMessage.from(text)).build(),
                Map.of(),
                new Entry.Made(Instant.EPOCH, 0, 1, 0, 0));
    }

    @Test
    void a_question_is_found_from_its_addition_to_its_removal_while_its_partition_comes_and_goes() throws Exception {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<Integer>> lost = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                lost.add(threads.submit(() -> {
                    start.await();
                    return addAndRemove();
                }));
            }
            for (Future<Integer> each : lost) {
                assertThat(each.get()).isZero();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(questions.size()).isZero();
        assertThat(questions.partitions()).isZero();
    }

    /** Returns how often a question that had been added was not found. */
    private int addAndRemove() {
        float[] vector = {1, 0};
        int lost = 0;
        for (int i = 0; i < ROUNDS; i++) {
            Entry entry = entry("answer");
            questions.add(PARTITION, vector, new KnownQuestions.Known(entry, "question", 1));
            boolean found = questions.nearest(PARTITION, vector, THREADS).stream()
                    .anyMatch(each -> each.value().entry() == entry);
            lost += found ? 0 : 1;
            questions.remove(entry);
        }
        return lost;
    }
}
