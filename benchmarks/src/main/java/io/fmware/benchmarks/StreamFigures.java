package io.fmware.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How many streams can be open at once. */
final class StreamFigures implements FigureGroup {
    private static final String STUB = "chain.streams.concurrent";
    private static final String STUB_17 = "chain.streams.concurrent.jdk17";
    private static final String SOCKETS = "chain.streams.concurrent.sockets";
    private static final String SOCKETS_PEER = "chain.streams.concurrent.sockets.peer.langchain4j-jdk";

    @Override
    public List<String> names() {
        return List.of(STUB, STUB_17, SOCKETS, SOCKETS_PEER);
    }

    @Override
    public void measure(Set<String> wanted, Output output) throws IOException, InterruptedException {
        for (String name : names()) {
            if (wanted.contains(name)) {
                measure(name, output);
            }
        }
    }

    private static void measure(String name, Output output) throws IOException, InterruptedException {
        int feature = name.equals(STUB_17) ? 17 : 25;
        Optional<Jdk> jdk = Jdk.of(feature);
        if (jdk.isEmpty()) {
            output.skip(name, Jdk.missing(feature));
            return;
        }
        switch (name) {
            case STUB -> stub(name, jdk.get(), 10_000, output);
            case STUB_17 -> stub(name, jdk.get(), 1_000, output);
            case SOCKETS -> sockets(name, jdk.get(), "blocking", output);
            default -> sockets(name, jdk.get(), "langchain4j", output);
        }
    }

    private static void stub(String name, Jdk jdk, int streams, Output output)
            throws IOException, InterruptedException {
        Map<String, String> result = ForkedJvm.fields(ForkedJvm.run(
                jdk, List.of("-Xmx128m"), classPath(), ConcurrentStreams.class.getName(), Integer.toString(streams)));
        long open = number(result, "openAtOnce");
        String conditions =
                jdk + ", -Xmx128m; stub that keeps its thread, 5 interceptors that wrap the sink; " + streams
                        + " started, " + open + " open at once, " + number(result, "endedOnce")
                        + " with exactly one terminal event, " + number(result, "millis") + " ms in all";
        output.print(new Figure(name, Math.min(open, number(result, "endedOnce")), "streams", conditions));
        output.print(new Figure(
                name, number(result, "heapMegabytes"), "MB", "live heap while they were open; " + conditions));
    }

    private static void sockets(String name, Jdk jdk, String client, Output output)
            throws IOException, InterruptedException {
        Map<String, String> result = ForkedJvm.fields(
                ForkedJvm.run(jdk, List.of("-Xmx512m"), classPath(), SocketStreams.class.getName(), "10000", client));
        long open = number(result, "openAtOnce");
        long once = number(result, "terminalEvents") == number(result, "completed") ? number(result, "completed") : 0;
        String conditions = jdk + ", -Xmx512m; OpenAI client with the " + client
                + " HTTP client behind a pipeline, over loopback, server in a JVM of its own; 10000 started, " + open
                + " open at once, "
                + result.get("completed") + " completed, " + result.get("failed") + " failed, "
                + result.get("terminalEvents") + " terminal events, "
                + Duration.parse(result.get("total")).toSeconds() + " s in all";
        output.print(new Figure(name, Math.min(open, once), "streams", conditions));
        output.print(new Figure(
                name, number(result, "heapMegabytes"), "MB", "live heap while they were open; " + conditions));
    }

    private static long number(Map<String, String> result, String field) {
        return Long.parseLong(result.getOrDefault(field, "0"));
    }

    private static String classPath() {
        return System.getProperty("java.class.path");
    }
}
