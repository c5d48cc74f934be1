package io.fmware.observability.recorder;

import java.io.ByteArrayOutputStream;

/** Contents that stand in their event. */
final class PlacedContents implements Contents<byte[]> {

    @Override
    public byte[] of(byte[]... utf8) {
        if (utf8.length == 1) {
            return utf8[0];
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part : utf8) {
            whole.writeBytes(part);
        }
        return whole.toByteArray();
    }

    @Override
    public int length(byte[] content) {
        return content.length;
    }

    @Override
    public void write(byte[] content, boolean isJson, JsonWriter to) {
        if (isJson) {
            to.json(content);
        } else {
            to.utf8(content);
        }
    }
}
