package com.sharestack.social;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MessageTextTest {

  @Test
  void tagsAreDroppedAndTheirTextStays() {
    assertEquals("你好 世界", MessageText.clean("<b>你好</b> <img src=x onerror=alert(1)>世界"));
    assertEquals("a", MessageText.clean("<!-- x -->a<!DOCTYPE html>"));
    assertEquals("alert(1)", MessageText.clean("<script>alert(1)</script>"));
  }

  @Test
  void comparisonsAreNoTags() {
    assertEquals("1 < 2 且 3 > 2", MessageText.clean("1 < 2 且 3 > 2"));
    assertEquals("<3", MessageText.clean("<3"));
  }

  @Test
  void entitiesAreDecodedOnce() {
    assertEquals("<b> & &lt; \"", MessageText.clean("&lt;b&gt; &amp; &amp;lt; &quot;"));
    assertEquals("A中", MessageText.clean("&#65;&#x4e2d;"));
    assertEquals("&#9999999;", MessageText.clean("&#9999999;"));
    assertEquals("$1\\", MessageText.clean("&#36;1&#92;"));
  }

  @Test
  void controlCharactersGoEvenWhenWrittenAsEntities() {
    assertEquals("ab\ncd", MessageText.clean(" a\u0000b\r\nc\u001bd&#7;\t "));
    assertEquals("", MessageText.clean(" <br> \n "));
    assertEquals("x", MessageText.clean("x&#xD800;"));
  }

  @Test
  void textIsComposed() {
    assertEquals("é", MessageText.clean("e\u0301"));
  }

  @Test
  void aPreviewIsOneLineOfAtMostAHundredCharacters() {
    assertEquals("一 二", MessageText.preview("一\n\n二"));
    String many = "😀".repeat(150);
    assertEquals(100, MessageText.length(MessageText.preview(many)));
    assertTrue(MessageText.preview(many).endsWith("😀…"));
  }

  @Test
  void spellingTricksDoNotMakeANewText() {
    assertEquals(MessageText.normal("加我微信ABC，谢谢"), MessageText.normal("加 我 微信 ａｂｃ 谢谢!!"));
  }

  @Test
  void textsThatDifferInAWordOfManyAreAlike() {
    String base = "各位老师好这里有一份非常完整的学习资料需要的话可以回复我我会发给你谢谢大家的支持";
    assertTrue(MessageText.alike(base, base));
    assertTrue(MessageText.alike(base + "a", base + "b"));
    assertFalse(MessageText.alike(base, "今天的天气真不错我们下午一起去公园散步吧"));
    assertFalse(MessageText.alike("", ""));
  }
}
