using Mammo.Data.Dicom;
using Mammo.Data.Images;

using static Mammo.Tests.Data.Dicom.TestDicom;

namespace Mammo.Tests.Data.Dicom;

public sealed class DicomOrientationTests
{
    // A film of 2 rows and 3 columns as it hangs, and the directions of its rows and columns there.
    private static readonly int[] Film = [1, 2, 3, 4, 5, 6];

    public static TheoryData<string, string, string> Hangings => new() { { "L", "A", "R" }, { "R", "P", "L" }, { "L", "A", "F" }, { "R", "P", "F" } };

    [Theory]
    [MemberData(nameof(Hangings))]
    public void All_eight_positions_of_a_film_become_one(string side, string across, string down)
    {
        for (var position = 0; position < 8; position++)
        {
            var (isTransposed, isMirrored, isUpsideDown) = ((position & 4) != 0, (position & 2) != 0, (position & 1) != 0);
            // From the hanging film to the position: mirrored and upside down, then rows and columns exchanged.
            var stored = new int[6];
            for (var y = 0; y < 2; y++)
            {
                for (var x = 0; x < 3; x++)
                {
                    var (row, column) = (isUpsideDown ? 1 - y : y, isMirrored ? 2 - x : x);
                    stored[isTransposed ? (column * 2) + row : (row * 3) + column] = Film[(y * 3) + x];
                }
            }

            var (first, second) = (isMirrored ? Opposite(across) : across, isUpsideDown ? Opposite(down) : down);
            var image = Read(
                Elements(
                    stored,
                    16,
                    false,
                    TestElement.Number(DicomTag.Rows, isTransposed ? 3 : 2),
                    TestElement.Number(DicomTag.Columns, isTransposed ? 2 : 3),
                    TestElement.Text(DicomTag.ImageLaterality, "CS", side),
                    TestElement.Text(DicomTag.PatientOrientation, "CS", isTransposed ? $@"{second}\{first}" : $@"{first}\{second}")),
                options: new DicomOptions { Orient = true });
            Assert.Equal(new ImageSize(2, 3), image.Image.Size);
            Assert.Equal(Film, Array.ConvertAll(image.Image.Pixels, pixel => (int)pixel));
            Assert.Empty(image.Remarks);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("CC")]
    [InlineData(@"L\F")]
    [InlineData(@"A\P")]
    public void What_is_not_said_is_not_turned(string orientation)
    {
        var elements = Elements([1, 2], 16, false, TestElement.Text(DicomTag.PatientOrientation, "CS", orientation));
        var image = Read(elements, options: new DicomOptions { Orient = true });
        Assert.Equal([1, 2], image.Image.Pixels);
        Assert.Equal([ErrorIds.DicomOrientation], image.Remarks.Select(remark => remark.Id));
    }

    [Theory]
    [InlineData("L", @"A\R", true, true)]
    [InlineData("L", @"A\R", false, false)]
    [InlineData("L", @"P\L", true, false)]
    [InlineData("R", null, true, false)]
    [InlineData("R", null, false, true)]
    [InlineData("R", "CC", false, true)]
    [InlineData("R", @"F\P", false, false)]
    [InlineData(null, null, false, false)]
    public void A_breast_on_the_other_side_is_reported(string? side, string? orientation, bool isAtRight, bool isReported)
    {
        var remark = DicomChecks.Side(new DicomImageInfo { Laterality = side, PatientOrientation = orientation }, isAtRight);
        Assert.Equal(isReported ? ErrorIds.DicomSide : null, remark?.Id);
    }

    [Fact]
    public void Of_a_part_of_a_breast_no_side_is_looked_for()
    {
        var spot = DicomTurn.Of(new DicomImageInfo { Laterality = "L", PatientOrientation = @"A\R", IsSpotCompression = true },
            AtTheRight(), isOriented: false);
        Assert.Empty(spot.Remarks);
        var whole = DicomTurn.Of(new DicomImageInfo { Laterality = "L", PatientOrientation = @"A\R" }, AtTheRight(), isOriented: false);
        Assert.Equal([ErrorIds.DicomSide], whole.Remarks.Select(remark => remark.Id));
    }

    // Half a disc at the right edge, of noise that is brighter than the background's.
    private static GreyImage AtTheRight()
    {
        var random = new Random(1);
        var pixels = new ushort[200 * 150];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (x, y) = (149 - (i % 150), (i / 150) - 100);
            pixels[i] = (ushort)((x * x) + (y * y) < 80 * 80 ? 20000 + random.Next(6000) : random.Next(100));
        }

        return new GreyImage(200, 150, 16, pixels);
    }

    private static string Opposite(string direction) => direction switch { "A" => "P", "P" => "A", "L" => "R", "R" => "L", "F" => "H", _ => "F" };
}
