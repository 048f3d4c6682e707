using System.Globalization;
using System.Text.RegularExpressions;
using Mammo.Data.Datasets;
using Mammo.Data.Examination;
using Mammo.Data.Images;
using Mammo.Data.Preparations;

namespace Mammo.Tests.Data.Examination;

/// <summary>What is said of a film's values fits the scale that the model takes, and helps.</summary>
public sealed partial class FilmExaminationTests
{
    /// <summary>Networks that take 0..255, 0..1 and, less 1, -1..1; and films of another depth, or of 10, 12 and 14 bits in files of 16.</summary>
    public static TheoryData<double, int, int> Films => new(
        from top in new[] { 255.0, 1.0, 2.0 }
        from film in new[] { (16, 65535), (16, 4095), (16, 16383), (16, 1023) }
        select (top, film.Item1, film.Item2));

    [Theory]
    [MemberData(nameof(Films))]
    public void TheFactorThatIsNamedFitsTheFilmAndTheModel(double top, int depth, int maximum)
    {
        var film = Film(depth, maximum);
        var wrong = new Preparation { RescaleFactor = top / 255, Top = top };
        var finding = Assert.Single(new FilmExamination(wrong).Examine(new MammoImage("/a.png"), film), one => one.Id == ErrorIds.BitDepthMismatch);
        var factor = double.Parse(Named().Match(finding.SuggestedFix!).Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.Equal(top, film.Scaled(wrong with { RescaleFactor = factor }, film.Maximum), 0.002 * top);
        Assert.Empty(new FilmExamination(wrong with { RescaleFactor = factor }).Examine(new MammoImage("/a.png"), film));
        var share = (top / 255).ToString("0.######", CultureInfo.InvariantCulture);
        Assert.Equal(top != 255, finding.SuggestedFix!.Contains($"times {share}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(255, "-TargetScale 255.")]
    [InlineData(1, "-TargetScale 1.")]
    [InlineData(2, "-TargetScale 2.")]
    public void TheScaleForFilmsOfTwoDepthsIsTheModels(double top, string fix) =>
        Assert.EndsWith(fix, FilmExamination.Mixed("Films differ", top).SuggestedFix, StringComparison.Ordinal);

    [Theory]
    [InlineData(255, 0, false)]
    [InlineData(1, 0, false)]
    [InlineData(2, 1, false)]
    [InlineData(255, 114.8, false)]
    [InlineData(255, 52, false)]
    [InlineData(255, 150, true)]
    [InlineData(1, 0.6, true)]
    public void AMeanIsJudgedWhereTheModelHasOne(double top, double subtracted, bool isReported)
    {
        var examination = new FilmExamination(new Preparation { RescaleFactor = top / 255, Top = top, FeaturewiseMean = subtracted });
        Assert.Equal(isReported ? ErrorIds.MeanFarFromData : null, examination.Mean(8, 50 * top / 255)?.Id);
    }

    /// <summary>Local contrast makes films of all depths alike, so that their scale is no matter; a negative is one all the same.</summary>
    [Fact]
    public void OfLocalContrastNeitherDepthNorScaleMatters()
    {
        var contrast = new Preparation { LocalContrast = 16, RescaleFactor = 1 };
        foreach (var (depth, maximum) in new[] { (8, 255), (8, 90), (16, 4095), (16, 65535) })
            Assert.Empty(Ids(contrast, Film(depth, maximum)));
        Assert.Equal([ErrorIds.ImageInverted], Ids(contrast, Film(16, 4095) with { LooksInverted = true }));
        var finding = Assert.Single(new FilmExamination(contrast with { RescaleFactor = 255.0 / 65535 }).Examine(new MammoImage("/a.png"), Film(16, 65535)));
        Assert.Equal((ErrorIds.MaximumNot255, "Use -RescaleFactor 1."), (finding.Id, finding.SuggestedFix));
        Assert.Empty(Ids(contrast with { RescaleFactor = 1 / 255.0, Top = 1 }, Film(16, 4095)));
    }

    [Theory]
    [InlineData(16.0, 16.0, false)]
    [InlineData(16.0, 8.0, true)]
    [InlineData(16.0, null, true)]
    [InlineData(null, 16.0, false)]
    public void WhatHoldsLocalContrastIsForNetworksOfTheSame(double? held, double? given, bool isReported) => Assert.Equal(
        isReported ? [ErrorIds.LocalContrastDiffers] : [],
        Ids(new Preparation { LocalContrast = given, RescaleFactor = 1 }, Film(8, 255) with { LocalContrast = held }));

    private static string[] Ids(Preparation preparation, FilmFacts film) =>
        [.. new FilmExamination(preparation).Examine(new MammoImage("/a.png"), film).Select(finding => finding.Id)];

    private static FilmFacts Film(int depth, int maximum) =>
        new() { Size = new ImageSize(200, 150), BitDepth = depth, Minimum = 0, Maximum = maximum, Mean = maximum / 5.0 };

    [GeneratedRegex(@"-RescaleFactor (\d\S*) fits")]
    private static partial Regex Named();
}
