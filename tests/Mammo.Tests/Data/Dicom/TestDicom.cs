using Mammo.Data.Dicom;

namespace Mammo.Tests.Data.Dicom;

/// <summary>DICOM images made for tests: one row of pixels, and whatever elements a test adds or replaces.</summary>
internal static class TestDicom
{
    /// <summary>Elements of an image of one row, in the order of their tags.</summary>
    /// <param name="pixels">Stored pixels as words.</param>
    /// <param name="bits">Bits stored of 16.</param>
    /// <param name="isSigned">Pixel Representation.</param>
    /// <param name="changes">Further elements, or others in place of the same.</param>
    public static TestElement[] Elements(int[] pixels, int bits = 12, bool isSigned = false, params TestElement[] changes)
    {
        TestElement[] image =
        [
            TestElement.Text(DicomTag.SopClassUid, "UI", "1.2.840.10008.5.1.4.1.1.1.2"),
            TestElement.Text(DicomTag.SopInstanceUid, "UI", "1.2.3.4"),
            TestElement.Text(DicomTag.Modality, "CS", "MG"),
            TestElement.Text(DicomTag.PresentationIntentType, "CS", "FOR PRESENTATION"),
            TestElement.Text(DicomTag.PatientId, "LO", "P1"),
            TestElement.Text(DicomTag.ViewPosition, "CS", "CC"),
            TestElement.Text(DicomTag.ImageLaterality, "CS", "L"),
            TestElement.Number(DicomTag.SamplesPerPixel, 1),
            TestElement.Text(DicomTag.PhotometricInterpretation, "CS", "MONOCHROME2"),
            TestElement.Number(DicomTag.Rows, 1),
            TestElement.Number(DicomTag.Columns, pixels.Length),
            TestElement.Number(DicomTag.BitsAllocated, 16),
            TestElement.Number(DicomTag.BitsStored, bits),
            TestElement.Number(DicomTag.HighBit, bits - 1),
            TestElement.Number(DicomTag.PixelRepresentation, isSigned ? 1 : 0),
            TestElement.Numbers(DicomTag.PixelData, "OW", false, pixels),
        ];
        return [.. image.Concat(changes).GroupBy(element => element.Tag).Select(group => group.Last()).OrderBy(element => element.Tag)];
    }

    /// <summary>Writes a file into a new folder.</summary>
    public static string Write(byte[] file, string name = "image.dcm")
    {
        var path = Path.Combine(Shared.NewFolder(), name);
        File.WriteAllBytes(path, file);
        return path;
    }

    public static string Write(IEnumerable<TestElement> elements, string syntax = DicomWriter.Explicit) => Write(DicomWriter.File(syntax, elements));

    public static DicomImage Read(IEnumerable<TestElement> elements, string syntax = DicomWriter.Explicit, DicomOptions? options = null) =>
        DicomReader.Read(Write(elements, syntax), options);

    public static MammoException Refused(IEnumerable<TestElement> elements, string syntax = DicomWriter.Explicit, DicomOptions? options = null) =>
        Assert.Throws<MammoException>(() => Read(elements, syntax, options));

    public static TestElement[] Window(string centers, string widths, string? function = null)
    {
        TestElement[] window = [TestElement.Text(DicomTag.WindowCenter, "DS", centers), TestElement.Text(DicomTag.WindowWidth, "DS", widths)];
        return function is null ? window : [.. window, TestElement.Text(DicomTag.VoiLutFunction, "CS", function)];
    }

    /// <summary>An item of a sequence of lookup tables.</summary>
    public static TestElement[] Table(string firstVr, int count, int first, int bits, byte[] data) =>
        [TestElement.Numbers(DicomTag.LutDescriptor, firstVr, false, count, first, bits), new TestElement(DicomTag.LutData, "OW", data)];

    public static byte[] Words(params int[] words) => TestElement.Numbers(0, "OW", false, words).Value;
}
