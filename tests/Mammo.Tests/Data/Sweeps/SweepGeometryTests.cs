using System.Text.Json;
using CsCheck;
using Mammo.Data.Images;
using Mammo.Data.Sweeps;

namespace Mammo.Tests.Data.Sweeps;

public sealed class SweepGeometryTests
{
    private static readonly JsonElement Oracle = JsonDocument.Parse(File.ReadAllBytes(Shared.Data("oracle", "image", "sweep", "geometry.json"))).RootElement;

    [Fact]
    public void The_grid_is_the_originals()
    {
        foreach (var item in Oracle.GetProperty("cases").EnumerateArray())
        {
            int Number(string name) => item.GetProperty(name).GetInt32();

            var size = new ImageSize(Number("height"), Number("width"));
            if (Number("n_patches") == 0)
            {
                Assert.Throws<MammoException>(() => new SweepGeometry(size, Number("patch"), Number("stride")));
                continue;
            }

            var geometry = new SweepGeometry(size, Number("patch"), Number("stride"));
            Assert.Equal((Number("n_row"), Number("n_col")), (geometry.Rows, geometry.Columns));
            Assert.Equal((Number("y0"), Number("x0")), (geometry.Y, geometry.X));
            var last = geometry.Patches().Last();
            Assert.Equal((Number("y_last"), Number("x_last"), Number("n_patches")), (last.Y, last.X, geometry.Count));
        }
    }

    [Fact]
    public void An_image_of_the_patchs_size_is_an_error()
    {
        foreach (var item in Oracle.GetProperty("degenerate").EnumerateArray())
        {
            var size = new ImageSize(item.GetProperty("height").GetInt32(), item.GetProperty("width").GetInt32());
            var failure = Assert.Throws<MammoException>(
                () => new SweepGeometry(size, item.GetProperty("patch").GetInt32(), item.GetProperty("stride").GetInt32()));
            Assert.Equal(ErrorIds.SweepImpossible, failure.ErrorId);
        }
    }

    [Fact]
    public void Every_patch_lies_in_the_image() =>
        Gen.Select(Gen.Int[1, 90], Gen.Int[1, 300], Gen.Int[1, 300], Gen.Int[1, 200]).Sample((patch, moreRows, moreColumns, stride) =>
    {
        var size = new ImageSize(patch + moreRows, patch + moreColumns);
        SweepGeometry geometry;
        try
        {
            geometry = new SweepGeometry(size, patch, stride);
        }
        catch (MammoException)
        {
            // Fewer than a hundredth of a stride is left over: the original's rounding sees none.
            return moreRows * 100 <= stride || moreColumns * 100 <= stride;
        }

        return geometry.Patches().All(box => box.X >= 0 && box.Y >= 0 && box.Right <= size.Width && box.Bottom <= size.Height);
    });
}
