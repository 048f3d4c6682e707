using Mammo.Data.Examination;
using Mammo.Data.Images;
using Mammo.Data.Preparations;

namespace Mammo.Tests.Data.Examination;

public sealed class FilmFactsTests
{
    [Fact]
    public void Facts_are_those_of_the_file()
    {
        var film = FilmFacts.Of(new GreyImage(2, 2, 16, [1000, 2000, 3000, 4000]) { WasColour = true });
        Assert.Equal(
            (new ImageSize(2, 2), 16, true, 1000, 4000, 2500.0, false),
            (film.Size, film.BitDepth, film.WasColour, film.Minimum, film.Maximum, film.Mean, film.IsConstant));
        Assert.True(FilmFacts.Of(new GreyImage(1, 2, 8, [7, 7])).IsConstant);
    }

    /// <summary>What is computed from the film's range alone is what the preparation does to its pixels.</summary>
    [Theory]
    [InlineData(false, null, null)]
    [InlineData(false, null, 0.01)]
    [InlineData(true, null, 0.0039)]
    [InlineData(false, 255.0, null)]
    [InlineData(true, 255.0, 2.0)]
    public void Scaled_values_are_those_of_the_prepared_plane(bool autoLevel, double? targetScale, double? factor)
    {
        var stored = new GreyImage(3, 3, 16, [1000, 2000, 3000, 4000, 60, 9, 777, 31, 2]);
        var preparation = new Preparation { AutoLevel = autoLevel, TargetScale = targetScale, RescaleFactor = factor };
        var (film, prepared) = (FilmFacts.Of(stored), preparation.Apply(stored));
        Assert.Equal(prepared.ScaledMaximum, film.Scaled(preparation, film.Maximum), prepared.ScaledMaximum * 1e-4);
        Assert.Equal(prepared.ScaledMean, film.Scaled(preparation, film.Mean), prepared.ScaledMaximum * 1e-4);
        Assert.Equal(prepared.Plane.Values.Min(), film.Scaled(preparation, film.Minimum), prepared.ScaledMaximum * 1e-4);
    }
}
