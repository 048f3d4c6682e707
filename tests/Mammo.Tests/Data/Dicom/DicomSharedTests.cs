using System.Text.Json.Nodes;
using Mammo.Data.Dicom;

namespace Mammo.Tests.Data.Dicom;

/// <summary>Files of others whose licences do not allow a copy here: NEMA's compression samples, pydicom's traps, a real mammogram.</summary>
public sealed class DicomSharedTests
{
    [Fact]
    public void Samples_of_other_programs()
    {
        var folder = Shared.File("data", "codecs");
        var expected = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "expected.json")))!.AsObject();
        var count = 0;
        foreach (var (name, entry) in expected.Where(pair => pair.Key.EndsWith(".dcm", StringComparison.Ordinal)))
        {
            var path = Path.Combine(folder, name.Replace('/', Path.DirectorySeparatorChar));
            if ((string)entry!["outcome"]! == "error")
            {
                var id = Assert.Throws<MammoException>(() => DicomReader.Read(path, DicomOptions.Anything)).ErrorId;
                Assert.True(id is ErrorIds.ImageUnreadable or ErrorIds.DicomTransferSyntax, $"{name}: {id}");
                continue;
            }

            count++;
            if (name == "pydicom/mlut_18.dcm" || (string?)entry["voiUsed"] == "LUT")
                Assert.Equal((string)entry["expectedPixelSha256"]!, DicomSet.Hash(DicomSet.Frames(path)));
            else if (entry["expectedPng"] is { } png)
            {
                var offset = (int)entry["expectedPngOffset"]!;
                var picture = TestImage.Read(folder, (string)png!).Pixels;
                var difference = DicomSet.Stored(WithoutPadding(path)).Zip(picture, (value, pixel) => Math.Abs(value + offset - pixel)).Max();
                Assert.True(difference <= (int)entry["storedTolerance"]!, name);
            }
            else
                Assert.True((string)entry["storedSha256"]! == DicomSet.Hash(DicomSet.Stored(WithoutPadding(path))), name);
        }

        Assert.InRange(count, 20, 100);
    }

    [Fact]
    public void Surplus_pixels_and_a_stray_byte()
    {
        var folder = Shared.File("data", "codecs", "pydicom");
        var padded = DicomReader.Read(Path.Combine(folder, "MR_small_padded.dcm"), DicomOptions.Anything);
        Assert.Contains(padded.Remarks, remark => remark.Id == ErrorIds.DicomPixelDataLong);
        // Without the stray byte in front the rest is a data set without meta information.
        var stray = File.ReadAllBytes(Path.Combine(folder, "no_meta.dcm"));
        Assert.Equal("7a481f6ffff833aef4d8bd54819bd8f472aaa7232090208e056c90eacf079926", DicomSet.Hash(DicomSet.Stored(TestDicom.Write(stray[1..]))));
    }

    [Fact]
    public void A_real_mammogram_in_44_fragments()
    {
        var folder = Shared.File("data", "dicom-real");
        var image = DicomReader.Read(Path.Combine(folder, "MG1_JPLY.dcm"));
        Assert.Empty(image.Remarks);
        Assert.Equal(("3MG1", "L", MammoView.MLO, "RG"), (image.Info.Patient, image.Info.Laterality, image.Info.View, image.Info.Modality));
        // The check image holds means of 8 x 8 stored values; the window 2047/4095 is the whole range.
        var eighth = TestImage.Read(folder, "MG1_JPLY.eighth.png");
        for (var row = 0; row < eighth.Height; row++)
        {
            for (var column = 0; column < eighth.Width; column++)
            {
                var sum = 0.0;
                for (var i = 0; i < 64; i++)
                    sum += image.Image.Pixels[(((row * 8) + (i / 8)) * image.Image.Width) + (column * 8) + (i % 8)] * 4095.0 / 65535;
                Assert.InRange((sum / 64) - eighth.Pixels[(row * eighth.Width) + column], -2, 2);
            }
        }
    }

    // Pixels of padding are black whatever they are; here the stored values are wanted.
    private static string WithoutPadding(string path)
    {
        var file = File.ReadAllBytes(path);
        foreach (var vr in (byte[][])["SS"u8.ToArray(), "US"u8.ToArray()])
        {
            var at = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x28, 0, 0x20, 1, .. vr, 2, 0]);
            if (at > 0)
                file[at + 2] = 0x2F;
        }

        return TestDicom.Write(file);
    }
}
