package io.fmware.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A server of OpenAI-style streams in a JVM of its own, on the loopback interface. No thread belongs to an open stream: it
 * sends the first token, puts the exchange aside, and ends all of them when it reads a line. It exits at the end of its
 * standard input, so also when its parent is gone.
 */
final class StreamServer implements AutoCloseable {

    private static final String FIRST = """
            data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"any","choices":[{"index":0,\
            "delta":{"role":"assistant","content":"Hello"},"finish_reason":null}]}

            """;
    private static final String LAST = """
            data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"any","choices":[{"index":0,\
            "delta":{"content":" world"},"finish_reason":"stop"}]}

            data: [DONE]

            """;

    private final Process process;
    private final BufferedReader output;
    private final String url;

    private StreamServer(Process process) throws IOException {
        this.process = process;
        this.output = process.inputReader(UTF_8);
        this.url = Objects.requireNonNull(output.readLine(), "the server did not start");
    }

    static StreamServer fork() throws IOException {
        return new StreamServer(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-Dsun.net.httpserver.nodelay=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StreamServer.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    String url() {
        return url;
    }

    void release() throws IOException {
        OutputStream input = process.getOutputStream();
        input.write('\n');
        input.flush();
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        process.destroy();
        output.close();
    }

    /** The server's own JVM. */
    public static void main(String[] arguments) throws IOException {
        Queue<HttpExchange> open = new ConcurrentLinkedQueue<>();
        ExecutorService threads =
                Executors.newFixedThreadPool(2 * Runtime.getRuntime().availableProcessors());
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4096);
        server.setExecutor(threads);
        AtomicBoolean released = new AtomicBoolean();
        server.createContext("/", exchange -> {
            begin(exchange);
            open.add(exchange);
            if (released.get()) {
                endAll(open, threads);
            }
        });
        server.start();
        System.out.println("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        if (input.readLine() != null) {
            released.set(true);
            endAll(open, threads);
            input.readLine();
        }
        System.exit(0);
    }

    private static void begin(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write(FIRST.getBytes(UTF_8));
        exchange.getResponseBody().flush();
    }

    private static void endAll(Queue<HttpExchange> open, Executor threads) {
        for (HttpExchange exchange = open.poll(); exchange != null; exchange = open.poll()) {
            HttpExchange held = exchange;
            threads.execute(() -> end(held));
        }
    }

    private static void end(HttpExchange exchange) {
        try (OutputStream body = exchange.getResponseBody()) {
            body.write(LAST.getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
