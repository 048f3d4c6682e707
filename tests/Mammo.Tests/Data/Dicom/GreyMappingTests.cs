using CsCheck;
using Mammo.Data.Dicom;
using static Mammo.Tests.Data.Dicom.TestDicom;

namespace Mammo.Tests.Data.Dicom;

/// <summary>Numbers worked out by hand from the formulas of PS3.3 C.11.</summary>
public sealed class GreyMappingTests
{
    private static readonly TestElement Monochrome1 = TestElement.Text(DicomTag.PhotometricInterpretation, "CS", "MONOCHROME1");

    [Theory]
    [InlineData("2048", "4096", new[] { 65535, 49531, 32776, 32759, 17524, 0 })]
    [InlineData("1500", "2000", new[] { 65535, 49143, 14818, 14786, 0, 0 })]
    public void Monochrome1_is_inverted_after_the_window_and_once(string center, string width, int[] expected)
    {
        int[] stored = [0, 1000, 2047, 2048, 3000, 4095];
        AssertGreys(expected, Elements(stored, 12, false, [Monochrome1, .. Window(center, width)]));
        AssertGreys(expected, Elements(stored, 12, false, [Monochrome1, .. Window(center, width), TestElement.Text(0x20500020, "CS", "INVERSE")]));
    }

    [Fact]
    public void Eight_bits_fill_the_scale()
    {
        var pixels = new TestElement(DicomTag.PixelData, "OB", [0, 1, 127, 128, 255, 99]);
        AssertGreys([0, 257, 32639, 32896, 65535], Elements([0, 0, 0, 0, 0], 8, false, TestElement.Number(DicomTag.BitsAllocated, 8), pixels));
    }

    [Theory]
    [InlineData("-5000", 65535)]
    [InlineData("90000", 0)]
    public void A_window_that_does_not_meet_the_values_is_an_image_and_a_warning(string center, int grey)
    {
        var image = Read(Elements([0, 500, 1023], 10, false, Window(center, "400")));
        Assert.All(image.Image.Pixels, pixel => Assert.Equal(grey, pixel));
        Assert.Equal(ErrorIds.DicomWindow, Assert.Single(image.Remarks).Id);
    }

    [Theory]
    [InlineData(DicomWriter.Implicit)]
    [InlineData(DicomWriter.Explicit)]
    public void The_first_number_of_a_table_can_be_negative(string syntax)
    {
        var table = VoiTable("SS", 5, -100, 12, Words(0, 500, 2000, 3500, 4095));
        AssertGreys(
            [0, 0, 0, 8002, 56013, 65535, 65535, 65535],
            Elements([-2000, -101, -100, -99, -97, -96, -95, 2000], 12, true, [table, .. Window("0", "1")]),
            syntax);
    }

    [Theory]
    [InlineData("US")]
    [InlineData("UN")]
    public void It_can_be_negative_though_it_is_written_without_a_sign(string vr)
    {
        var table = VoiTable(vr, 4, -2, 8, [0, 51, 102, 255]);
        AssertGreys([0, 0, 13107, 26214, 65535], Elements([0, 2, 3, 4, 5], 12, false, [table, .. Rescale("1", "-4")]));
        // Above 32767 and within the values that there are: no sign.
        var high = VoiTable(vr, 2, 40000, 16, Words(7, 9));
        AssertGreys([7, 7, 9], Elements([0, 40000, 40001], 16, false, high));
    }

    [Fact]
    public void A_count_of_0_means_65536_entries()
    {
        var table = VoiTable("US", 0, 0, 16, Words([.. Enumerable.Range(0, 65536).Select(i => 65535 - i)]));
        AssertGreys([65535, 65534, 0], Elements([0, 1, 65535], 16, false, table));
    }

    [Fact]
    public void Entries_of_eight_bits_are_packed_or_in_words()
    {
        foreach (var data in (byte[][])[[0, 100, 255, 0], Words(0, 100, 255)])
            AssertGreys([0, 25700, 65535, 65535], Elements([0, 1, 2, 9], 12, false, VoiTable("US", 3, 0, 8, data)));
    }

    [Fact]
    public void Entries_above_their_own_bits_are_white_and_a_warning()
    {
        var image = Read(Elements([0, 1, 2], 12, false, VoiTable("US", 3, 0, 12, Words(0, 4095, 60000))));
        Assert.Equal([0, 65535, 65535], Greys(image));
        Assert.Contains("60000", Assert.Single(image.Remarks).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_of_words_that_is_too_short_is_not_taken_for_one_of_bytes()
    {
        var error = Assert.Throws<MammoException>(() => Read(Elements([0, 1, 2], 12, false, VoiTable("US", 4, 0, 12, Words(0, 4095)))));
        Assert.Equal(ErrorIds.ImageUnreadable, error.ErrorId);
    }

    [Theory]
    [InlineData("SIGMOID ")]
    [InlineData("sigmoid")]
    public void The_function_is_known_with_spaces_and_in_small_letters(string function) =>
        AssertGreys([18, 976, 32702, 32768, 64112, 65517], Elements([0, 1000, 2047, 2048, 3000, 4095], 12, false, Window("2048", "1000", function)));

    [Theory]
    [InlineData("LINEAR", "1", new[] { 0, 0, 65535, 65535 })]
    [InlineData("LINEAR", "0.5", new[] { 0, 0, 65535, 65535 })]
    [InlineData("LINEAR_EXACT", "0.5", new[] { 0, 0, 32768, 65535 })]
    [InlineData("LINEAR_EXACT", "2", new[] { 0, 0, 32768, 65535 })]
    [InlineData("LINEAR", "3", new[] { 0, 16384, 49151, 65535 })]
    public void Narrow_windows(string function, string width, int[] expected) =>
        AssertGreys(expected, Elements([8, 9, 10, 11], 12, false, Window("10", width, function)));

    [Fact]
    public void A_window_without_width_is_not_used()
    {
        var image = Read(Elements([0, 4095], 12, false, Window("0", "0")));
        Assert.Equal([0, 65535], Greys(image));
        Assert.Equal("None", image.VoiUsed);
        Assert.Equal(ErrorIds.DicomWindow, Assert.Single(image.Remarks).Id);
    }

    [Fact]
    public void A_negative_slope_turns_the_scale()
    {
        var rescale = Rescale("-1", "4095");
        AssertGreys([65535, 49531, 0], Elements([0, 1000, 4095], 12, false, rescale));
        AssertGreys([65535, 49531, 0], Elements([0, 1000, 4095], 12, false, [.. rescale, .. Window("2048", "4096")]));
    }

    [Fact]
    public void Modality_tables_come_before_windows()
    {
        var table = TestElement.Sequence(DicomTag.ModalityLutSequence, Table("SS", 3, -1, 16, Words(100, 200, 400)));
        AssertGreys([0, 0, 21845, 65535, 65535], Elements([-2, -1, 0, 1, 2], 12, true, table));
        AssertGreys([0, 0, 65535, 65535], Elements([-2, -1, 0, 1], 12, true, [table, .. Window("150", "1")]));
    }

    [Fact]
    public void Padding_is_black_whatever_it_looks_like()
    {
        AssertGreys([65535, 0, 32760], Elements([0, 4095, 2048], 12, false, Monochrome1, TestElement.Number(DicomTag.PixelPaddingValue, 4095)), offset: 1);
        TestElement[] range =
        [
            TestElement.Numbers(DicomTag.PixelPaddingValue, "SS", false, -1900),
            TestElement.Numbers(DicomTag.PixelPaddingRangeLimit, "SS", false, -2048),
        ];
        AssertGreys([0, 0, 0, 65535], Elements([-2048, -2000, -1900, 2047], 12, true, range));
    }

    [Fact]
    public void Bits_that_are_not_used_are_masked_and_the_sign_is_theirs()
    {
        AssertGreys([0, 16, 65535], Elements([0xF000, 0x1001, 0xAFFF], 12));
        // The highest bit of the twelve is the sign, whether the four above repeat it or not.
        AssertGreys([0, 0, 32760, 32776, 65535], Elements([-2048, 0x0800, 0xFFFF, 0, 0x07FF], 12, true), offset: 1);
        AssertGreys([0, 65535], Elements([0x000F, 0xFFF0], 12, false, TestElement.Number(DicomTag.HighBit, 15)));
    }

    [Fact]
    public void Frames_of_enhanced_images_have_their_own_values()
    {
        TestElement[] Group(string center) => [TestElement.Sequence(DicomTag.FrameVoiLutSequence, Window(center, "1"))];
        TestElement[] shared = [TestElement.Sequence(DicomTag.PixelValueTransformationSequence, Rescale("1", "-10"))];
        var elements = Elements(
            [5, 6, 7, 5, 6, 7],
            12,
            false,
            TestElement.Number(DicomTag.Columns, 3),
            TestElement.Text(DicomTag.NumberOfFrames, "IS", "2"),
            TestElement.Sequence(DicomTag.SharedFunctionalGroupsSequence, shared),
            TestElement.Sequence(DicomTag.PerFrameFunctionalGroupsSequence, Group("-4"), Group("-3")));
        Assert.Equal([0, 65535, 65535], Greys(Read(elements, options: new DicomOptions { Frame = 1 })));
        Assert.Equal([0, 0, 65535], Greys(Read(elements, options: new DicomOptions { Frame = 2 })));
    }

    [Theory]
    [InlineData(DicomTag.RescaleSlope, "0", "Slope")]
    [InlineData(DicomTag.RescaleIntercept, "1,5", "1,5")]
    [InlineData(DicomTag.WindowWidth, "wide", "wide")]
    public void Numbers_that_are_none_are_errors(uint tag, string text, string reason)
    {
        var error = Refused(Elements([0, 1], 12, false, [.. Window("1", "2"), TestElement.Text(tag, "DS", text)]));
        Assert.Equal(ErrorIds.ImageUnreadable, error.ErrorId);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, 40, new byte[] { 0, 0, 0, 0, 0, 0 }, "40 bits")]
    [InlineData(9, 16, new byte[] { 0, 0, 0, 0 }, "9 entries")]
    public void Damaged_tables_are_errors(int count, int bits, byte[] data, string reason)
    {
        var error = Refused(Elements([0, 1], 12, false, VoiTable("US", count, 0, bits, data)));
        Assert.Equal(ErrorIds.ImageUnreadable, error.ErrorId);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("auto", "Auto")]
    [InlineData("LUT", "Lut")]
    [InlineData("window", "Window:1")]
    [InlineData("Window:3", "Window:3")]
    [InlineData("none", "None")]
    [InlineData("window:0", null)]
    [InlineData("lut:1", null)]
    [InlineData("1", null)]
    [InlineData("", null)]
    [InlineData("window:", null)]
    public void Choices_are_read(string text, string? expected)
    {
        if (expected is null)
            Assert.Throws<FormatException>(() => DicomVoi.Parse(text));
        else
            Assert.Equal(expected, DicomVoi.Parse(text).ToString());
    }

    [Fact]
    public void Windows_rise_and_stay_on_the_scale()
    {
        var value = Gen.Double[-70000, 70000];
        Gen.Select(value, Gen.Double[0.01, 70000], Gen.Enum<VoiFunction>(), value.Array[2]).Sample(
            (center, width, function, values) =>
            {
                var window = new VoiWindow(center, width, function);
                var (low, high) = (window.Grey(values.Min()), window.Grey(values.Max()));
                Assert.InRange(low, 0, high);
                Assert.InRange(high, low, 1);
            },
            seed: "0000KOIPe3Vf");
    }

    private static TestElement[] Rescale(string slope, string intercept) =>
        [TestElement.Text(DicomTag.RescaleIntercept, "DS", intercept), TestElement.Text(DicomTag.RescaleSlope, "DS", slope)];

    private static TestElement VoiTable(string firstVr, int count, int first, int bits, byte[] data) =>
        TestElement.Sequence(DicomTag.VoiLutSequence, Table(firstVr, count, first, bits, data));

    private static int[] Greys(DicomImage image) => Array.ConvertAll(image.Image.Pixels, pixel => (int)pixel);

    private static void AssertGreys(int[] expected, TestElement[] elements, string syntax = DicomWriter.Explicit, int offset = 0)
    {
        var greys = Greys(Read(elements, syntax));
        Assert.Equal(expected.Length, greys.Length);
        Assert.All(expected.Zip(greys), pair => Assert.InRange(pair.Second, pair.First - offset, pair.First + offset));
    }
}
