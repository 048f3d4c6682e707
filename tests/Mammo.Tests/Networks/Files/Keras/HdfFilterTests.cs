using System.Text;
using Mammo.Networks.Files.Keras;
using Mammo.Networks.Storage;
using PureHDF;

namespace Mammo.Tests.Networks.Files.Keras;

/// <summary>Valid HDF5 files that a library may misread.</summary>
public sealed class HdfFilterTests
{
    // The hash of the weights as h5py reads them, in each of the three files.
    [Theory]
    [InlineData("fletcher32_none.h5")]
    [InlineData("fletcher32.h5")]
    [InlineData("fletcher32_gzip.h5")]
    public void Checksums_of_narrow_chunks_do_not_move_values(string file)
    {
        using var model = ModelFiles.Import(Shared.Data("keras", file)).Model;
        Assert.Equal("b3d91f17e81ef7336147e1259692313d6db2a08e5bcef73eb89304664a100037", model.Card.WeightHash);
    }

    [Fact]
    public void A_wrong_checksum_is_told()
    {
        var bytes = File.ReadAllBytes(Shared.Data("keras", "fletcher32.h5"));

        // The first value of the kernel, 1.6905257, stands only there.
        bytes[bytes.AsSpan().IndexOf(BitConverter.GetBytes(1.6905257f))] ^= 1;
        var path = Path.Combine(Shared.NewFolder(), "damaged.h5");
        File.WriteAllBytes(path, bytes);
        Assert.Contains("checksum (filter fletcher32", Assert.Throws<MammoException>(() => ModelFiles.Import(path)).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_form_of_16_bits_is_refused_by_name()
    {
        var failure = Assert.Throws<MammoException>(() => ModelFiles.Import(Shared.Data("keras", "bfloat16.h5")));
        Assert.Equal(ErrorIds.ModelFileInvalid, failure.ErrorId);
        Assert.Contains("bfloat16", failure.Message, StringComparison.Ordinal);
    }

    // The description of float32 numbers: flags and sign; size, offset and precision; places and sizes of exponent and mantissa; bias.
    [Theory]
    [InlineData(1, 0x21, "big-endian")]
    [InlineData(1, 0x00, "IEEE 754")]
    [InlineData(12, 22, "IEEE 754")]
    [InlineData(16, 126, "IEEE 754")]
    public void Numbers_of_another_form_are_refused(int place, byte value, string reason)
    {
        byte[] plain = [0x11, 0x20, 31, 0, 4, 0, 0, 0, 0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0];
        var bytes = File.ReadAllBytes(Shared.Data("keras", "fletcher32_none.h5"));
        bytes[bytes.AsSpan().LastIndexOf(plain) + place] = value;
        var path = Path.Combine(Shared.NewFolder(), "numbers.h5");
        File.WriteAllBytes(path, bytes);
        AssertUnread(path, reason);
    }

    // The number of the filter in the file (deflate's is 1), and its name.
    [Theory]
    [InlineData(4, "'szip'")]
    [InlineData(5, "'nbit'")]
    [InlineData(200, "filter")]
    public void Other_compression_is_refused_by_name(byte id, string name)
    {
        var kernel = new H5Dataset(KerasBuilt.Ramp(1, 1, 2, 3), chunks: [1, 1, 2, 2], datasetCreation: new(Filters: [PureHDF.Filters.DeflateFilter.Id]));
        var path = new KerasBuilt().Input(4, 4, 2).Add("Conv2D", "conv", KerasBuilt.ConvOptions(3), ("conv/kernel:0", kernel)).Write();
        var bytes = File.ReadAllBytes(path);

        // Version and count of the list of filters; number, flags, and count of deflate's values.
        byte[] list = [2, 1, 1, 0, 0, 0, 1, 0];
        var place = bytes.AsSpan().LastIndexOf(list);
        bytes[place + 2] = id;
        File.WriteAllBytes(path, bytes);
        AssertUnread(path, name);
    }

    private static void AssertUnread(string path, string reason)
    {
        var failure = Assert.Throws<MammoException>(() => ModelFiles.Import(path));
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("damaged", failure.Message, StringComparison.Ordinal);
        Assert.StartsWith("Save it again", failure.SuggestedFix, StringComparison.Ordinal);
    }

    // Sums by hand over big-endian words, modulo 65535: "abcde" is 6162 6364 6500; sums 0x6162, 0xc4c6, 0x29c7 and 0x6162, 0x2629, 0x4ff0.
    [Fact]
    public void The_checksum_is_Fletchers() => Assert.Equal(0x4ff029c7u, Fletcher32Filter.Sum(Encoding.ASCII.GetBytes("abcde")));

    [Fact]
    public void A_user_block_is_named()
    {
        var failure = Assert.Throws<MammoException>(() => ModelFiles.Import(Shared.Data("keras", "user_block.h5")));
        Assert.Equal(ErrorIds.ModelFileInvalid, failure.ErrorId);
        Assert.Contains("512 bytes", failure.Message, StringComparison.Ordinal);
    }
}
