namespace Mammo.Evaluation.Sets;

/// <summary>Gathers scored images one by one.</summary>
public sealed class ScoredSetBuilder
{
    private readonly List<string> _ids = [];
    private readonly List<double> _scores = [];
    private readonly List<bool> _positives = [];
    private readonly List<double> _weights = [];
    private readonly PatientNumbers _patients = new();
    private readonly Dictionary<(int, string), int> _breasts = [];
    private readonly List<int> _breastNumbers = [];

    /// <summary>Number of images so far.</summary>
    public int Count => _scores.Count;

    /// <summary>Adds an image.</summary>
    /// <param name="id">Its name: a path.</param>
    /// <param name="score">Its score; finite.</param>
    /// <param name="positive">Whether it is positive.</param>
    /// <param name="patient">Its patient; null when unknown.</param>
    /// <param name="laterality">Its side; null when unknown.</param>
    /// <param name="weight">Its weight, ≥ 0.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.PatientMissing"/>: the patient of some images is known and of others not.</exception>
    public void Add(string id, double score, bool positive, string? patient = null, string? laterality = null, double weight = 1)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        var patientNumber = _patients.Add(patient, id);
        _ids.Add(id);
        _scores.Add(score);
        _positives.Add(positive);
        _weights.Add(weight);
        if (patientNumber is null || string.IsNullOrWhiteSpace(laterality))
            return;
        var breast = (patientNumber.Value, laterality.Trim().ToUpperInvariant());
        if (!_breasts.TryGetValue(breast, out var number))
            _breasts.Add(breast, number = _breasts.Count);
        _breastNumbers.Add(number);
    }

    /// <summary>The set; breasts are known when the side of every image is.</summary>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.ScoreInvalid"/>: a score is NaN or infinite. <see cref="ErrorIds.PredictionsMixed"/>: a weight is negative, NaN or infinite.
    /// </exception>
    public ScoredSet ToSet()
    {
        int[] breasts = _breastNumbers.Count == Count ? [.. _breastNumbers] : [];
        return ScoredSet.Of(_scores.ToArray(), _positives.ToArray(), _weights.ToArray(), _patients.Numbers, breasts, _ids);
    }
}
