using System.Runtime.InteropServices;
using System.Text.Json;
using Mammo.Data.Dicom;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Scoring.Heatmaps;
using Mammo.Scoring.Overlays;
using Mammo.Tests.Data.Dicom;
using Mammo.Tests.Scoring.Heatmaps;

namespace Mammo.Tests.Scoring.Overlays;

/// <summary>The pictures of DICOM films are of the pixels that the heatmap was made of.</summary>
public sealed class HeatmapFilesTests
{
    [Fact]
    public void A_film_that_is_read_in_another_way_and_turned_is_drawn_as_it_was_read_and_stored()
    {
        var film = ImageReader.Read(Path.Combine(Shared.Repository, "examples", "data", "Calc-Test_P_00127_RIGHT_CC.png"));
        var folder = Shared.NewFolder();
        var path = Path.Combine(folder, "film.dcm");
        TestElement[] elements =
        [
            TestElement.Number(DicomTag.Rows, film.Height),
            TestElement.Number(DicomTag.Columns, film.Width),
            TestElement.Text(DicomTag.ImageLaterality, "CS", "R"),
            TestElement.Text(DicomTag.PatientOrientation, "CS", "A\\L"),
            TestElement.Text(DicomTag.PresentationIntentType, "CS", "FOR PROCESSING"),
            new TestElement(DicomTag.PixelData, "OW", MemoryMarshal.AsBytes(film.Pixels.AsSpan()).ToArray()),
        ];
        File.WriteAllBytes(path, DicomWriter.File(DicomWriter.Explicit, TestDicom.Elements([], 16, false, elements)));
        using var patch = HeatmapRuns.Patch();
        var images = HeatmapRuns.Images(size: new ImageSize(288, 256)) with { Dicom = new DicomOptions { AllowForProcessing = true, Orient = true } };
        var map = HeatmapRuns.One(patch, new HeatmapOptions { Images = images }, path);
        Assert.NotEqual(default, map.Turn);

        HeatmapFiles.Write(map, folder, new OverlayOptions(Height: 200));
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "film.json")));
        double[][] affine = [.. json.RootElement.GetProperty("affine")
            .EnumerateArray().Select(row => row.EnumerateArray().Select(cell => cell.GetDouble()).ToArray())];
        foreach (var (row, column) in new[] { (0, 0), (map.Rows - 1, 1), (1, map.Columns - 1) })
        {
            var place = map.Place(row, column);
            Assert.Equal(place.X, (affine[0][0] * column) + (affine[0][1] * row) + affine[0][2], 1e-9);
            Assert.Equal(place.Y, (affine[1][0] * column) + (affine[1][1] * row) + affine[1][2], 1e-9);
            var surface = new MapSurface(map, 2);
            Assert.Equal(map.At(row, column, 2), surface.Share(place.X, place.Y), 1e-6);
        }
    }
}
