using Mammo.Evaluation.Roc;

namespace Mammo.Scoring.Inputs;

/// <summary>The scores of a test's images before and after each fix, from which follows what a difference does to the set.</summary>
internal sealed class InputTestSet
{
    private readonly List<(double Score, bool? IsPositive)> _images = [];
    private readonly Dictionary<string, List<(int Place, double? Fixed)>> _found = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Finding> _first = new(StringComparer.Ordinal);
    private double _meanSum;

    /// <summary>The mean of all images is far from the one that is subtracted; null where it is not.</summary>
    public Finding? MeanFinding { get; set; }

    /// <summary>Mean of the images' means after scaling.</summary>
    public double Mean => _meanSum / _images.Count;

    /// <summary>Adds an image.</summary>
    /// <returns>Its place among the images.</returns>
    public int Add(double score, bool? isPositive, double scaledMean)
    {
        _images.Add((score, isPositive));
        _meanSum += scaledMean;
        return _images.Count - 1;
    }

    /// <summary>Adds a difference of an image.</summary>
    public void Add(Finding finding, int place, double? after)
    {
        if (!_found.TryGetValue(finding.Id, out var places))
            (_found[finding.Id], _first[finding.Id]) = (places = [], finding);
        places.Add((place, after));
    }

    /// <summary>Adds a difference of all images, with their scores after it was fixed.</summary>
    public void Add(Finding finding, IReadOnlyList<double> after)
    {
        for (var place = 0; place < _images.Count; place++)
            Add(finding, place, place < after.Count ? after[place] : null);
    }

    /// <summary>One record for each difference, the most frequent first; none for a single image.</summary>
    public IEnumerable<InputDifference> Differences() => _images.Count < 2
        ? []
        : _found.OrderByDescending(pair => pair.Value.Count).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => Of(_first[pair.Key], pair.Value));

    private InputDifference Of(Finding first, List<(int Place, double? Fixed)> places)
    {
        var changed = places.Where(place => place.Fixed is not null).ToDictionary(place => place.Place, place => place.Fixed!.Value);
        var isOfSet = first.Id == ErrorIds.MeanFarFromData;
        var evidence = isOfSet ? first.Message : FormattableString.Invariant($"{places.Count} of {_images.Count} images; the first: {first.Message}");
        return new InputDifference(first.Id, evidence)
        {
            Images = places.Count,
            SuggestedFix = first.SuggestedFix,
            Score = places.Average(place => _images[place.Place].Score),
            FixedScore = changed.Count == 0 ? null : places.Average(place => place.Fixed ?? _images[place.Place].Score),
            Auc = Area(place => _images[place].Score),
            FixedAuc = changed.Count == 0 ? null : Area(place => changed.GetValueOrDefault(place, _images[place].Score)),
        };
    }

    private double? Area(Func<int, double> score)
    {
        int[] known = [.. Enumerable.Range(0, _images.Count).Where(place => _images[place].IsPositive is not null)];
        var area = Auc.Of([.. known.Select(score)], [.. known.Select(place => _images[place].IsPositive!.Value)]);
        return double.IsNaN(area) ? null : area;
    }
}
