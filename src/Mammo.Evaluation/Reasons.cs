namespace Mammo.Evaluation;

/// <summary>Why a statistic or an interval is undefined, in the words of reports.</summary>
internal static class Reasons
{
    public const string Empty = "there are no samples";
    public const string NoPositives = "there are no positive samples";
    public const string NoNegatives = "there are no negative samples";
    public const string Weighted = "the samples have weights";
    public const string NotProbabilities = "the scores are not probabilities of 0 to 1";
    public const string NoPatients = "the patients are not known";
    public const string FewPositivePatients = "fewer than two patients have positive samples";
    public const string FewNegativePatients = "fewer than two patients have negative samples";
    public const string FewPositives = "there are fewer than two positive samples";
    public const string FewNegatives = "there are fewer than two negative samples";
    public const string NoVariance = "the samples are too few to show how much it varies: its variance comes out as zero";
    public const string Separated = "the scores separate the classes completely";
    public const string OneScore = "all scores are equal";
    public const string NoFit = "no logistic curve could be fitted to the scores";
    public const string NoScore = "all scores are 0";
    public const string NothingFlagged = "no sample is at or above the threshold";
    public const string NothingCleared = "no sample is below the threshold";
}
