package io.fmware.benchmarks;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import jdk.jfr.Event;
import jdk.jfr.Recording;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.async.AsyncLoggerContext;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilder;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilderFactory;
import org.apache.logging.log4j.core.config.builder.impl.BuiltConfiguration;

/** What else takes events and writes them to a file. */
final class RecorderPeers {
    static final String JFR = "lost by a SIGKILL what is not in a chunk on the disk yet";
    static final String LOG4J =
            "AsyncLogger with LMAX Disruptor, file appender, immediateFlush as it is by default; acknowledged "
                    + "is what was handed to a ring buffer of its default size: lost by a SIGKILL until it is written";
    static final String CHANNEL = "FileChannel.write of each event under a lock, no checksum, not compressed";

    private RecorderPeers() {}

    /** Something that takes events. */
    interface Sink extends Closeable {
        void take(byte[] event) throws IOException;
    }

    /** An event in the JDK's own recorder. */
    private static final class TextEvent extends Event {
        @SuppressWarnings("unused") // JFR reads it
        private String text = "";
    }

    private static String text(byte[] event) {
        return new String(event, StandardCharsets.US_ASCII);
    }

    static Sink channel(Path directory) throws IOException {
        FileChannel channel =
                FileChannel.open(directory.resolve("plain"), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        ThreadLocal<ByteBuffer> buffers = ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(1 << 12));
        return new Sink() {
            @Override
            public void take(byte[] event) throws IOException {
                ByteBuffer buffer = buffers.get();
                buffer.clear().put(event).flip();
                channel.write(buffer);
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }

    static Sink jfr(Path directory) throws IOException {
        Recording recording = new Recording();
        recording.enable(TextEvent.class).withoutStackTrace();
        recording.setToDisk(true);
        recording.setDestination(directory.resolve("recording.jfr"));
        recording.start();
        return new Sink() {
            @Override
            public void take(byte[] bytes) {
                TextEvent event = new TextEvent();
                event.text = text(bytes);
                event.commit();
            }

            @Override
            public void close() {
                recording.close();
            }
        };
    }

    static Sink log4j(Path directory) {
        ConfigurationBuilder<BuiltConfiguration> builder = ConfigurationBuilderFactory.newConfigurationBuilder();
        builder.add(builder.newAppender("file", "File")
                .addAttribute("fileName", directory.resolve("log").toString())
                .add(builder.newLayout("PatternLayout").addAttribute("pattern", "%m%n")));
        builder.add(builder.newRootLogger(org.apache.logging.log4j.Level.INFO).add(builder.newAppenderRef("file")));
        LoggerContext context = new AsyncLoggerContext("peer");
        context.start(builder.build(false));
        Logger logger = context.getLogger("peer");
        return new Sink() {
            @Override
            public void take(byte[] event) {
                logger.info(text(event));
            }

            @Override
            public void close() {
                context.stop();
            }
        };
    }
}
