CREATE TABLE "search_spans" (
	"span" bigint NOT NULL,
	"token" text COLLATE "C" NOT NULL,
	"blocks" bigint NOT NULL,
	CONSTRAINT "search_spans_span_token_pk" PRIMARY KEY("span","token")
);
