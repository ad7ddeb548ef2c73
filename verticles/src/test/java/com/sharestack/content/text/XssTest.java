package com.sharestack.content.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class XssTest {
  private static final TextRenderer RENDERER = new TextRenderer(Set.of("media.example.com"));

  /** The convention "Text" of the content contract, written down a second time on purpose. */
  private static final Set<String> TAGS =
      Set.of(
          ("h1 h2 h3 h4 h5 h6 p br hr strong em u s del sup sub blockquote code pre ul ol li a img"
                  + " figure figcaption table thead tbody tr th td div span audio video source")
              .split(" "));

  private static final Pattern ATTRIBUTE =
      Pattern.compile(
          "a\\[(href|title|rel)]|img\\[(src|alt|title|width|height)]|(code|pre|div|span)\\[class]"
              + "|h[1-6]\\[id]|(audio|video|source)\\[src]");

  private static final Pattern URL =
      Pattern.compile("(https?://[^\\\\\\s]+|mailto:[^\\s]+|/[^/\\\\\\s]?[^\\s]*|#.*)");

  static Stream<String> vectors() {
    return """
    <script>alert(1)</script>
    <ScRiPt src=//evil.example/x.js></sCrIpT>
    <script/xss src=data:,alert(1)></script>
    <<script>alert(1)//<</script>
    <scr<script>ipt>alert(1)</scr</script>ipt>
    <img src=x onerror=alert(1)>
    <img/src=x/onerror=alert(1)>
    <img src="/a.png" onerror="alert(1)" onload=alert(1)>
    <img src='/a.png'onerror='alert(1)'>
    <img src="/a.png" srcset="javascript:alert(1) 1x, https://evil/x 2x">
    <img src=javascript:alert(1)>
    <img src="data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+">
    <img src="//evil.example/track.gif">
    <img src="/\\evil.example/track.gif">
    <img src="/a.png" width="1;position:fixed" height="100%">
    <img \"""><script>alert(1)</script>">
    <img src="/a.png" alt="x`><script>alert(1)</script>`">
    <a href="javascript:alert(1)">x</a>
    <a href="JaVaScRiPt:alert(1)">x</a>
    <a href=" javascript:alert(1)">x</a>
    <a href="&#1;javascript:alert(1)">x</a>
    <a href="java&#9;script:alert(1)">x</a>
    <a href="java&#10;script:alert(1)">x</a>
    <a href="java&#13;script:alert(1)">x</a>
    <a href="java&#0;script:alert(1)">x</a>
    <a href="&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)">x</a>
    <a href="&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1)">x</a>
    <a href="javascript&colon;alert(1)">x</a>
    <a href="java&Tab;script&colon;alert(1)">x</a>
    <a href="java&NewLine;script:alert(1)">x</a>
    <a href="javascript&#58;//https://example.com/%0aalert(1)">x</a>
    <a href="vbscript:msgbox(1)">x</a>
    <a href="data:text/html,<script>alert(1)</script>">x</a>
    <a href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">x</a>
    <a href="blob:https://example.com/1">x</a>
    <a href="file:///etc/passwd">x</a>
    <a href="intent://scan/#Intent;scheme=zxing;end">x</a>
    <a href="//evil.example">x</a>
    <a href="\\\\evil.example">x</a>
    <a href="/\\evil.example">x</a>
    <a href="https:\\\\evil.example">x</a>
    <a href="/&#9;/evil.example">x</a>
    <a href="https:evil.example">x</a>
    <a href="feed:javascript:alert(1)">x</a>
    <a href="view-source:javascript:alert(1)">x</a>
    <a href=/ok onclick=alert(1) style="background:url(javascript:alert(1))">x</a>
    <a href=/ok target=_blank rel=opener>x</a>
    <a href=/ok ping=https://evil.example>x</a>
    <svg onload=alert(1)>
    <svg><script>alert(1)</script></svg>
    <svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>
    <svg><animate onbegin=alert(1) attributeName=x dur=1s>
    <svg><use href="data:image/svg+xml,<svg id='x' onload='alert(1)'/>#x"/></svg>
    <svg><style><img src=x onerror=alert(1)></style></svg>
    <svg></p><style><a id="</style><img src=1 onerror=alert(1)>">
    <svg><foreignObject><iframe srcdoc="<script>alert(1)</script>"></foreignObject></svg>
    <math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">
    <math><mi//xlink:href="data:x,<script>alert(1)</script>">
    <math><annotation-xml encoding="text/html"><script>alert(1)</script></annotation-xml></math>
    <form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>
    <noscript><p title="</noscript><img src=x onerror=alert(1)>">
    <noembed><p title="</noembed><img src=x onerror=alert(1)>"></noembed>
    <xmp><p title="</xmp><img src=x onerror=alert(1)>"></xmp>
    <textarea><p title="</textarea><img src=x onerror=alert(1)>"></textarea>
    <title><p title="</title><img src=x onerror=alert(1)>"></title>
    <template><script>alert(1)</script></template>
    <plaintext><script>alert(1)</script>
    <style>@import 'https://evil.example/x.css';</style>
    <style><!--</style><script>alert(1)//--></script>
    <p style="behavior:url(x.htc);background:url(javascript:alert(1))">x</p>
    <div style="width:expression(alert(1))" class="language-js evil" id="location">x</div>
    <iframe src="javascript:alert(1)"></iframe>
    <iframe srcdoc="<script>alert(1)</script>"></iframe>
    <object data="javascript:alert(1)"></object>
    <embed src="javascript:alert(1)">
    <applet code=x></applet>
    <base href="javascript:alert(1)//">
    <meta http-equiv=refresh content="0;url=javascript:alert(1)">
    <link rel=stylesheet href="javascript:alert(1)">
    <form action="javascript:alert(1)"><input type=submit></form>
    <button formaction="javascript:alert(1)">x</button>
    <isindex action="javascript:alert(1)" type=image>
    <input autofocus onfocus=alert(1)>
    <select autofocus onfocus=alert(1)><option>x</select>
    <details open ontoggle=alert(1)>x</details>
    <marquee onstart=alert(1)>x</marquee>
    <body onload=alert(1)>x
    <video src="https://media.example.com/a.mp4" onerror=alert(1) poster=javascript:alert(1)></video>
    <video src="https://evil.example/a.mp4"></video>
    <video src="https://media.example.com@evil.example/a.mp4"></video>
    <video src="https://media.example.com.evil.example/a.mp4"></video>
    <video><source onerror=alert(1) src="javascript:alert(1)"></video>
    <audio src=x onerror=alert(1)></audio>
    <table background="javascript:alert(1)"><td background="javascript:alert(1)">x</table>
    <h1 id="x" onmouseover=alert(1)>x</h1>
    <!--[if gte IE 4]><script>alert(1)</script><![endif]-->
    <!--><script>alert(1)</script>-->
    <!--!><img src=x onerror=alert(1)>-->
    <![CDATA[<script>alert(1)</script>]]>
    <?xml version="1.0"?><script>alert(1)</script>
    <img src=x onerror=alert(1)//
    <a href="javascript:alert(1)
    <p title="<script>alert(1)</script>">x
    "><script>alert(1)</script>
    <x onclick=alert(1)>x</x>
    <custom-element is="x" onclick=alert(1)>x</custom-element>
    ＜script＞alert(1)＜/script＞<img src="ｊavascript:alert(1)">
    [x](javascript:alert(1))
    [x](JAVASCRIPT:alert(1))
    [x](<java&#10;script:alert(1)>)
    [x](javascript&#58;alert(1))
    [x](/ok "onclick=alert(1)" )
    [x](/ok '"><script>alert(1)</script>')
    ![x](data:text/html,x)
    ![x"onerror="alert(1)](/a.png)
    <javascript:alert(1)>
    [x][a] [a]: javascript:alert(1)
    `<script>alert(1)</script>`<script>alert(1)</script>
    $<script>alert(1)</script>$
    $$</div><img src=x onerror=alert(1)>$$
    | <img src=x onerror=alert(1)> | b |
    ~~<svg/onload=alert(1)>~~
    """
        .lines();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void nothingBeyondTheAllowListSurvives(String vector) {
    for (String placed :
        new String[] {vector, "文字\n\n" + vector + "\n\n文字", "<div><p>" + vector, "- " + vector}) {
      for (TextFormat format : TextFormat.values()) {
        String html = RENDERER.render(placed, format).html();
        assertAllowed(html);
        assertEquals(
            html, RENDERER.render(html, TextFormat.HTML).html(), "parsing again changed the tree");
      }
    }
  }

  @Test
  void theCorpusIsLarge() {
    assertTrue(vectors().count() >= 100, () -> "only " + vectors().count());
  }

  private static void assertAllowed(String html) {
    for (Element element : Jsoup.parseBodyFragment(html).body().children().select("*")) {
      assertTrue(TAGS.contains(element.tagName()), () -> element.tagName() + " in " + html);
      for (Attribute attribute : element.attributes()) {
        String name = element.tagName() + "[" + attribute.getKey() + "]";
        assertTrue(ATTRIBUTE.matcher(name).matches(), () -> name + " in " + html);
        if (name.matches(".*\\[(href|src)]")) {
          assertTrue(URL.matcher(attribute.getValue()).matches(), () -> attribute + " in " + html);
          assertTrue(!attribute.getValue().startsWith("//"), html);
        }
        if (name.matches("(audio|video|source)\\[src]")) {
          assertTrue(attribute.getValue().startsWith("https://media.example.com/"), html);
        }
        if (name.endsWith("[class]")) {
          assertTrue(
              attribute.getValue().matches("((language-[\\w+#.-]+|highlight|math) ?)+"), html);
        }
      }
    }
  }
}
