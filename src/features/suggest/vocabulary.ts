/** The English words that the rules go by. */

const set = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/).filter(Boolean));

/** Verbs of saying in the forms a report uses; plain forms that are nouns as often are left out. */
export const SAYING = set(`
  say says said saying tell tells told telling add adds added adding write writes wrote writing written
  state states stated stating note notes noted noting explain explains explained explaining
  announce announces announced announcing argue argues argued arguing insist insists insisted insisting
  warn warns warned warning urge urges urged urging emphasize emphasizes emphasized emphasizing
  emphasise emphasises emphasised emphasising stress stresses stressed stressing claims claimed claiming
  tweeted tweeting posted posting replied replies replying responded responds responding answered answering
  asks asked asking calls called calling describes described describing affirm affirms affirmed affirming
  reaffirms reaffirmed reaffirming declare declares declared declaring asserts asserted asserting
  promises promised promising pledges pledged pledging vows vowed vowing admits admitted admitting
  acknowledges acknowledged acknowledging conceded concedes conceding continued continues concluded concludes
  recalled recalls recalling remarked remarks observed observes testified testifies testifying
  repeated repeats repeating reiterated reiterates reiterating shouted shouting joked quipped quips
  commented commenting reads reading denied denies denying demanded demanding accused accuses accusing
  criticized criticizes criticizing praised praises praising condemned condemns condemning
  denounced denounces denouncing predicted predicts predicting suggested suggests suggesting
  countered counters contends contended contending maintains maintained maintaining cautioned cautions cautioning
  lamented laments cited cites citing proclaimed proclaims proclaiming advised advises advising
  chanted chanting yelled yells dismissed dismisses dismissing labeled labelled branded derided hailed blasted
  characterized characterizes mocked complained complains complaining confirmed confirms confirming exclaimed whispered yelled stipulates provides`);
/** Those after which the speaker may be named: “…,” said the mayor. */
export const INVERTED = set(
  `said says wrote writes added adds replied asked told tweeted posted continued concluded noted argued
  explained warned insisted recalled announced shouted quipped joked responded testified declared exclaimed`,
);
/** Those that give something a name: what they quote may be a single word and still be somebody’s. */
export const NAMING = set(
  'call calls called calling describe describes described describing dismissed dismisses dismissing labeled labelled branded derided hailed blasted characterized characterizes mocked',
);

export const PRONOUNS = set('he she they it');
export const PERSONAL = set('he she they');
export const DETERMINERS = set(
  'a an the this that these those his her its their our my your one some several many no any each every another',
);
/** What may stand between a subject and its verb. */
export const AUXILIARIES = set(`
  has have had having was were is are be been being will would could should may might can did does do also later then
  again further now once only just even still already never often previously recently quoted as not to who which that
  reportedly earlier today yesterday`);
/** Words that begin a phrase or clause before the subject. */
export const OPENERS = set(`
  in on at by for from with during after before when while as since until under over amid despite following speaking
  asked according if though although because unless through throughout among between of to without within besides
  last next earlier later yesterday today tonight`);
/** Capital words that are no part of a name: they begin a sentence, or stand in a heading. */
export const FUNCTION_WORDS = set(`
  the a an this that these those his her its their our my your he she they it we i you who what when where why how
  which in on at by for from with during after before while as since until under over amid despite following and but
  or nor so yet if though although because unless through among between of to without within is are was were be been
  has have had do does did will would could should may might can not no yes all any both each some many most more one
  two three several other another such also then there here now once only just even still later earlier last next
  today tonight yesterday tomorrow according speaking asked however meanwhile moreover instead additionally
  nearly about around like dear please thank thanks well what's it's that's`);
/** Verbs and adverbs of the future, for days of the week. */
export const FUTURE = set('will poised set expected scheduled plans planned due upcoming shall would');

/** Words that stand before a person’s name. */
export const TITLES = set(`
  mayor president governor gov senator sen representative rep congressman congresswoman councilmember councilman
  councilwoman councilor councillor alderman alderwoman alderperson supervisor commissioner superintendent secretary
  director chief chair chairman chairwoman chairperson speaker judge justice minister chancellor sheriff trustee mr
  mrs ms mx miss dr prof professor hon honorable sir dame rev reverend attorney general officer sgt sergeant lt
  lieutenant capt captain colonel col ambassador treasurer controller comptroller clerk president-elect
  mayor-elect governor-elect senator-elect councilmember-elect member delegate assemblyman assemblywoman
  assemblymember spokesman spokeswoman spokesperson administrator czar counsel leader whip ombudsman prosecutor`);
/** What may stand among titles, though no title by itself. */
export const TITLE_PARTS = set(
  'former acting interim ex deputy vice elect designate council assistant associate state us city county town district',
);

/** Last words of the names of bodies. */
export const BODY_HEADS = set(`
  council board department commission committee subcommittee court union association university college school schools
  district office agency administration party congress senate house assembly legislature police foundation institute
  center centre league coalition news times post journal tribune chronicle herald gazette enforcement bureau ministry
  authority corporation company inc llc service services trust society federation alliance network project group
  chamber parliament cabinet patrol guard army navy bank church hospital press radio television affairs protection
  media campaign caucus task force team fund team staff delegation conference`);
/** Small words after a name that make it a body’s. */
export const SMALL_HEADS = set(
  'administration campaign government council board department commission committee office schools district police',
);
/** Words between the parts of a body’s name. */
export const PARTICLES = set('de da del della di du la le van von der den bin al el dos das');

/** Documents that are said to say things. */
export const DOCUMENTS = set(`
  resolution resolutions ordinance bill law act order statement letter report memo memorandum policy proposal measure
  motion amendment text document draft complaint lawsuit ruling opinion petition press release filing constitution
  charter code plan agenda directive proclamation decision declaration contract agreement tweet post email message
  statute provision section clause preamble notice guidance brief`);

/** Nouns after which a name or a term is quoted, not speech. */
export const NAMING_NOUNS = set(`
  term phrase word words title titled entitled dubbed nicknamed named so-called known book song film movie album
  slogan motto label hashtag column headline episode exhibit exhibition play show series program programme`);

/** The commonest words of English, by which a text is known to be English. */
export const COMMON = set(
  'the of and to in a is that for it was on are as with his they at be this have from or had by not but what all were when we there can an your which their said if will each about how up out them then she many some so these would other into has more her two him see could no than been who its now over did that’s he i you',
);

export const MONTHS =
  `january february march april may june july august september october november december`.split(' ');
export const WEEKDAYS = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ');
export const CALENDAR = set(
  `${MONTHS.join(' ')} ${WEEKDAYS.join(' ')} jan feb mar apr jun jul aug sept sep oct nov dec`,
);
