package io.fmware.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The body of a response as a stream for one reading thread, which waits no longer than the read timeout for the next
 * bytes: the reader itself keeps the time, so no other thread has to watch it. At most one batch of buffers is waiting.
 *
 * <p>{@link #close()} may be called from any thread; it closes the connection, unless the body has arrived as a whole, and
 * wakes the reader.
 */
final class ResponseBody extends InputStream implements BodySubscriber<ResponseBody> {

    private static final int LONGEST_ERROR = 64 * 1024;

    /** Put into the queue to wake the reader, who then looks at the fields. */
    private static final List<ByteBuffer> WAKE_UP = Collections.unmodifiableList(new ArrayList<>());

    private static final Subscription CLOSED = new Subscription() {
        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    };

    private final BlockingQueue<List<ByteBuffer>> arrived = new LinkedBlockingQueue<>();
    private final AtomicReference<@Nullable Subscription> subscription = new AtomicReference<>();
    private final @Nullable Duration readTimeout;
    private volatile @Nullable Throwable failure;

    private Iterator<ByteBuffer> batch = Collections.emptyIterator();
    private ByteBuffer current = ByteBuffer.allocate(0);

    ResponseBody(@Nullable Duration readTimeout) {
        this.readTimeout = readTimeout;
    }

    @Override
    public CompletionStage<ResponseBody> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void onSubscribe(Subscription offered) {
        if (subscription.compareAndSet(null, offered)) {
            offered.request(1);
        } else {
            offered.cancel();
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        arrived.add(buffers);
    }

    @Override
    public void onError(Throwable throwable) {
        failure = throwable;
        arrived.add(WAKE_UP);
    }

    @Override
    public void onComplete() {
        arrived.add(WAKE_UP);
    }

    @Override
    public int read() throws IOException {
        return advance() ? current.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        if (!advance()) {
            return -1;
        }
        int count = Math.min(length, current.remaining());
        current.get(bytes, offset, count);
        return count;
    }

    /** Makes {@code current} hold at least one byte; false at the end of the body. */
    private boolean advance() throws IOException {
        if (subscription.get() == CLOSED) {
            throw new IOException("closed");
        }
        while (!current.hasRemaining()) {
            if (batch.hasNext()) {
                current = batch.next();
            } else {
                List<ByteBuffer> next = await();
                if (next == WAKE_UP) {
                    return endOfBody();
                }
                batch = next.iterator();
                Objects.requireNonNull(subscription.get()).request(1);
            }
        }
        return true;
    }

    private List<ByteBuffer> await() throws IOException {
        try {
            List<ByteBuffer> next =
                    readTimeout == null ? arrived.take() : arrived.poll(readTimeout.toNanos(), TimeUnit.NANOSECONDS);
            if (next != null) {
                return next;
            }
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while reading the response");
        }
        close();
        throw new HttpTimeoutException("the response was silent for "
                + Objects.requireNonNull(readTimeout).toMillis() + " ms");
    }

    /** Says false, or why the body did not come to its end; the next read will find the same. */
    private boolean endOfBody() throws IOException {
        arrived.add(WAKE_UP);
        Throwable reason = failure;
        if (subscription.get() == CLOSED) {
            throw new IOException("closed");
        } else if (reason != null) {
            throw new IOException("the response broke off: " + OutgoingRequest.deepestMessage(reason), reason);
        }
        return false;
    }

    /** What can be read of an error's text, up to a limit; a body that breaks off yields what had arrived. */
    String readErrorText() {
        byte[] bytes = new byte[LONGEST_ERROR];
        int count = 0;
        try {
            for (int read; count < bytes.length && (read = read(bytes, count, bytes.length - count)) > 0; ) {
                count += read;
            }
        } catch (IOException e) {
            close();
        }
        return new String(bytes, 0, count, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        Subscription open = subscription.getAndSet(CLOSED);
        if (open != null) {
            open.cancel();
        }
        arrived.add(WAKE_UP);
    }
}
