using System.Security.Cryptography;
using Mammo.Data.Dicom;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Loading;
using Mammo.Data.Preparations;

namespace Mammo.Tests.Data.Loading;

public sealed class PixelStoreTests
{
    private static readonly Preparation Preparation = new()
    {
        Size = new ImageSize(40, 30),
        AutoLevel = true,
        RescaleFactor = 0.003891,
        FeaturewiseMean = 52.18
    };

    [Theory]
    [InlineData("img07_u16_max4095_333x250.png")]
    [InlineData("img04_u8_301x217.png")]
    public void Kept_pixels_give_what_the_file_gives(string name)
    {
        var path = Shared.Data("oracle", "images", name);
        var expected = (Preparation with { FeaturewiseMean = null }).Apply(ImageReader.Read(path));
        var folder = Shared.NewFolder();
        var held = new PixelStore(Preparation, inMemory: true, cacheFolder: null);
        foreach (var store in new[] { held, held, new PixelStore(Preparation, false, folder), new PixelStore(Preparation, false, folder) })
            Assert.Equal(expected.Plane.Values, store.Read(path).Plane.Values);
        Assert.Single(Directory.GetFiles(folder));
    }

    [Fact]
    public void A_damaged_file_of_the_cache_is_made_anew()
    {
        var path = Shared.Data("oracle", "images", "img04_u8_301x217.png");
        var folder = Shared.NewFolder();
        var expected = new PixelStore(Preparation, false, folder).Read(path).Plane.Values;
        var kept = Assert.Single(Directory.GetFiles(folder));
        var bytes = File.ReadAllBytes(kept);
        bytes[30] ^= 1;
        File.WriteAllBytes(kept, bytes);
        Assert.Equal(expected, new PixelStore(Preparation, false, folder).Read(path).Plane.Values);
        bytes[30] ^= 1;
        Assert.Equal(bytes, File.ReadAllBytes(kept));
    }

    [Theory]
    [InlineData(8, 1)]
    [InlineData(8, -1)]
    [InlineData(12, int.MaxValue)]
    [InlineData(16, 16)]
    public void A_file_of_another_form_under_a_right_hash_is_made_anew(int field, int value)
    {
        var path = Shared.Data("oracle", "images", "img04_u8_301x217.png");
        var folder = Shared.NewFolder();
        var expected = new PixelStore(Preparation, false, folder).Read(path).Plane.Values;
        var kept = Assert.Single(Directory.GetFiles(folder));
        var bytes = File.ReadAllBytes(kept);
        byte[] changed = [.. bytes];
        BitConverter.TryWriteBytes(changed.AsSpan(field), value);
        SHA256.HashData(changed.AsSpan()[..^32], changed.AsSpan()[^32..]);
        File.WriteAllBytes(kept, changed);
        Assert.Equal(expected, new PixelStore(Preparation, false, folder).Read(path).Plane.Values);
        Assert.Equal(bytes, File.ReadAllBytes(kept));
    }

    [Fact]
    public void A_cache_that_cannot_be_written_costs_time_only()
    {
        var path = Shared.Data("oracle", "images", "img04_u8_301x217.png");
        var file = Path.Combine(Shared.NewFolder(), "no folder");
        File.WriteAllText(file, "");
        Assert.NotEmpty(new PixelStore(Preparation, false, Path.Combine(file, "cache")).Read(path).Plane.Values);
    }

    [Fact]
    public void A_cache_keeps_what_was_read_in_one_way_from_what_is_read_in_another()
    {
        var (film, refused, folder) = (Shared.Data("dicom", "window-linear.dcm"), Shared.Data("dicom", "for-processing.dcm"), Shared.NewFolder());
        var preparation = new Preparation { Size = new ImageSize(40, 30) };
        PixelStore Store(DicomOptions? dicom = null) => new(preparation, false, folder, dicom);
        var whole = new DicomOptions { Voi = DicomVoi.Parse("None") };
        var (window, all) = (Store().Read(film).Plane.Values, Store(whole).Read(film).Plane.Values);
        Assert.NotEqual(window, all);
        Assert.Equal(window, Store(new DicomOptions { Voi = DicomVoi.Auto }).Read(film).Plane.Values);
        Assert.Equal(all, Store(whole).Read(film).Plane.Values);

        // What was accepted once is refused all the same where it is not accepted.
        Store(new DicomOptions { AllowForProcessing = true }).Read(refused);
        Assert.Equal(ErrorIds.DicomForProcessing, Assert.Throws<MammoException>(() => Store().Read(refused)).ErrorId);
    }
}
