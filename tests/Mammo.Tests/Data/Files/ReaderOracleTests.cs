using Mammo.Data.Files;
using Mammo.Data.Images;

namespace Mammo.Tests.Data.Files;

/// <summary>oracle/images: the PNGs that all parity tests start from.</summary>
public sealed class ReaderOracleTests
{
    [Fact]
    public void Every_image_is_read_exactly()
    {
        var entries = OracleJson.Read("images", "images.json");
        Assert.Equal(10, entries.GetArrayLength());
        foreach (var entry in entries.EnumerateArray())
        {
            var image = ImageReader.Read(Shared.Data("oracle", "images", entry.GetProperty("file").GetString()!));
            Assert.Equal(new ImageSize(entry.GetProperty("height").GetInt32(), entry.GetProperty("width").GetInt32()), image.Size);
            Assert.Equal(entry.GetProperty("dtype").GetString() == "uint8" ? 8 : 16, image.BitDepth);
            Assert.Equal((entry.GetProperty("min").GetInt32(), entry.GetProperty("max").GetInt32()), image.Range());
            Assert.Equal(entry.GetProperty("sum").GetInt64(), image.Pixels.Sum(pixel => (long)pixel));
            Assert.False(image.WasColour);
        }
    }
}
