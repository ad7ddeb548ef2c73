package com.sharestack.sandbox;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.EncodeHintType;
import com.google.zxing.WriterException;
import com.google.zxing.common.BitMatrix;
import com.google.zxing.qrcode.QRCodeWriter;
import java.util.Map;

/** A QR code as inline SVG: made here, no request to anywhere. */
final class QrSvg {

  private QrSvg() {}

  static String of(String text) {
    try {
      BitMatrix bits =
          new QRCodeWriter()
              .encode(
                  text,
                  BarcodeFormat.QR_CODE,
                  0,
                  0,
                  Map.of(EncodeHintType.MARGIN, 2, EncodeHintType.CHARACTER_SET, "UTF-8"));
      StringBuilder path = new StringBuilder();
      for (int y = 0; y < bits.getHeight(); y++) {
        for (int x = 0; x < bits.getWidth(); x++) {
          if (bits.get(x, y)) {
            path.append('M').append(x).append(' ').append(y).append("h1v1h-1z");
          }
        }
      }
      return """
      <svg class="qr" role="img" aria-label="付款二维码" viewBox="0 0 %d %d" \
      shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dH0z"/>\
      <path d="%s"/></svg>\
      """
          .formatted(bits.getWidth(), bits.getHeight(), bits.getWidth(), bits.getHeight(), path);
    } catch (WriterException e) {
      throw new IllegalStateException(e);
    }
  }
}
