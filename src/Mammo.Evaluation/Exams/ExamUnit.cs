namespace Mammo.Evaluation.Exams;

/// <summary>Of what there is one record when the views of exams are put together.</summary>
public enum ExamUnit
{
    /// <summary>An exam: the views of both breasts of one visit.</summary>
    Exam,

    /// <summary>A breast of an exam, beside the other one.</summary>
    Breast,
}

/// <summary>How the scores of an exam's views become one without a fitted combination.</summary>
public enum ExamScore
{
    /// <summary>The mean over the views.</summary>
    Mean,

    /// <summary>The view that scores highest.</summary>
    Max,

    /// <summary>
    /// The mean over a breast's views less half of that over the other breast's, (s − t/2 + 1/2) / (3/2) so that it is 0..1; of an exam the higher one of its
    /// breasts. Where there is one breast, the other one is taken to be like it.
    /// </summary>
    Contralateral,
}

/// <summary>A number of an exam or breast that a combination uses.</summary>
public enum ExamFeature
{
    /// <summary>Mean score over the views, 0..1.</summary>
    Mean,

    /// <summary>Highest score of a view, 0..1.</summary>
    Max,

    /// <summary><see cref="MammoExam.Difference"/>; 0 where there is one breast.</summary>
    Difference,
}
