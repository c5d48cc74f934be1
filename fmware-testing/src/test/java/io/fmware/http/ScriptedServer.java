package io.fmware.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A loopback server that does with each connection what a test says, down to the bytes and the closing of the socket. */
public final class ScriptedServer implements AutoCloseable {

    private static final int BOUND_MILLIS = 20_000;

    /** What happens on one connection. */
    @FunctionalInterface
    public interface Script {
        void serve(Connection connection) throws Exception;
    }

    private final ServerSocket socket = new ServerSocket(0, 2048, InetAddress.getLoopbackAddress());
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> firstScript = new CompletableFuture<>();

    private ScriptedServer(Script script) throws IOException {
        start("scripted-server", () -> {
            while (!socket.isClosed()) {
                Socket accepted = socket.accept();
                connections.add(accepted);
                start("scripted-connection", () -> serve(script, accepted));
            }
        });
    }

    public static ScriptedServer serving(Script script) throws IOException {
        return new ScriptedServer(script);
    }

    private void serve(Script script, Socket accepted) {
        try (accepted) {
            accepted.setSoTimeout(BOUND_MILLIS);
            accepted.setTcpNoDelay(true);
            script.serve(new Connection(accepted));
            firstScript.complete(null);
        } catch (Throwable e) {
            firstScript.completeExceptionally(e);
        }
    }

    public String url() {
        return "http://127.0.0.1:" + socket.getLocalPort();
    }

    /** The requests so far, each as head and body. */
    public List<String> requests() {
        return requests;
    }

    /** Waits until a script has come to its end, and throws what it threw. */
    public void awaitScript() throws Exception {
        firstScript.get(BOUND_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket connection : connections) {
            connection.close();
        }
    }

    private static void start(String name, Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException closed) {
                        // The server has been closed.
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    @FunctionalInterface
    private interface Task {
        void run() throws IOException;
    }

    /** One connection, on the server's side. */
    public final class Connection {

        private final Socket socket;
        private final InputStream in;

        Connection(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
        }

        /** Reads one request. */
        public void receive() throws IOException {
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
                int read = in.read();
                if (read < 0) {
                    throw new IOException("no request came");
                }
                head.write(read);
            }
            String text = head.toString(ISO_8859_1);
            int length = text.toLowerCase(Locale.ROOT)
                    .lines()
                    .filter(line -> line.startsWith("content-length:"))
                    .mapToInt(line -> Integer.parseInt(
                            line.substring("content-length:".length()).strip()))
                    .findFirst()
                    .orElse(0);
            requests.add(text + new String(in.readNBytes(length), UTF_8));
        }

        /** Sends a whole response. */
        public void respond(String status, String headers, String body) throws IOException {
            send("HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: " + body.getBytes(UTF_8).length + "\r\n\r\n"
                    + body);
        }

        /** Sends the head of a chunked stream. */
        public void beginStream() throws IOException {
            send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        }

        /** Sends one event as one chunk. */
        public void event(String data) throws IOException {
            chunk(("data: " + data + "\n\n").getBytes(UTF_8));
        }

        public void chunk(byte[] bytes) throws IOException {
            send(Integer.toHexString(bytes.length) + "\r\n");
            socket.getOutputStream().write(bytes);
            send("\r\n");
        }

        public void endStream() throws IOException {
            send("0\r\n\r\n");
        }

        public void send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(UTF_8));
        }

        /** Drops the connection so that the client sees a reset. */
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** Waits until the client has closed its side, for a bounded time. */
        public void awaitClosedByClient() throws IOException {
            try {
                if (in.read() >= 0) {
                    throw new AssertionError("The client sent more instead of closing the connection");
                }
            } catch (SocketTimeoutException e) {
                throw new AssertionError("The client did not close the connection", e);
            } catch (IOException reset) {
                // Closed as well.
            }
        }
    }
}
